#pragma once
#include "tend/data/reader.h"

namespace tend {

/// Text tables: .csv, .tsv, JSON lines (.jsonl, .ndjson), also packed, and any other text file. Quotes follow RFC 4180. Header,
/// delimiter and types of columns are inferred (table/cells.h, table/columns.h) unless data.header, delimiter, decimal, encoding,
/// types, missing set them. JSON lines leave only the types open (table/json_lines.h).
struct Csv {
  static constexpr auto fields = std::tuple<>{};
  Claim claims(const Source& source) const;
  Dataset read(const Source& source, const Reading& reading) const;
};

}  // namespace tend
