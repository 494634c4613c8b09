#pragma once
#include <string>

namespace tend {

/// The text of a table's file, unpacked: .gz, .bz2, .xz, .zst by content, and a zip archive that holds one table. UTF-16 with a
/// byte order mark becomes UTF-8. Throws Error{missing, data}; for an Excel workbook and a Parquet file it names the remedy.
std::string table_text(const std::string& path);

}  // namespace tend
