#pragma once
#include "tend/data/reader.h"

namespace tend {

/// Text tables: .csv, .tsv, also in gzip, and any other text file. Quotes follow RFC 4180. Header, delimiter and types of columns
/// are inferred (table/cells.h, table/columns.h) unless data.header, delimiter, decimal, encoding, types, missing set them.
struct Csv {
  static constexpr auto fields = std::tuple<>{};
  Claim claims(const Source& source) const;
  Dataset read(const Source& source, const Reading& reading) const;
};

}  // namespace tend
