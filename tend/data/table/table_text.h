#pragma once
#include <string>

#include "tend/data/disk/file_text.h"
#include "tend/data/table/cells.h"

namespace tend {

/// The text of a table's file, unpacked: .gz, .bz2, .xz, .zst by content, and a zip archive that holds one table. UTF-16 with a
/// byte order mark becomes UTF-8. Throws Error{missing, data}; for an Excel workbook and a Parquet file it names the remedy.
FileText table_text(const std::string& path);

/// A table of a file, and the settings by which its cells are read: those of the experiment, for JSON lines with their form.
struct TableFile {
  TableFile(const std::string& path, const DataSettings& given);
  DataSettings settings;
  Cells cells;
};

}  // namespace tend
