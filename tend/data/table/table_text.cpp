#include "tend/data/table/table_text.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "tend/base/text.h"
#include "tend/data/disk/archive.h"
#include "tend/data/picture/find.h"
#include "tend/data/table/json_lines.h"
#include "tend/data/table/utf8.h"

namespace tend {
namespace {

/// Of a file that is packed this small, no more is unpacked.
std::size_t most_unpacked(const std::string& path) {
  std::error_code ignored;
  return static_cast<std::size_t>(most_unpacked_bytes(std::filesystem::file_size(path, ignored)));
}

bool is_of_table(const std::string& member) {
  const std::filesystem::path path(member);
  return !std::any_of(path.begin(), path.end(),
                      [](const auto& part) { return part != "." && part != ".." && is_hidden(part.string()); });
}

std::string only_member(const std::string& path) {
  std::vector<std::string> names;
  std::string text;
  Archive archive(path);
  while (archive.next()) {
    if (!is_of_table(archive.name())) continue;
    names.push_back(archive.name());
    if (archive.name() == "[Content_Types].xml")
      throw Error(Trouble::data, file_name(path), "an Excel workbook", "a text table", "save the sheet as CSV (UTF-8)");
    if (names.size() == 1) text = archive.read_all(most_unpacked(path));
  }
  if (names.size() != 1)
    throw Error(Trouble::data, file_name(path),
                "an archive of " + counted(static_cast<std::int64_t>(names.size()), "file") +
                    (names.empty() ? "" : ": " + listed(names, ", ", 5)),
                "an archive with one table", "unpack it and give the table's file");
  return text;
}

}  // namespace

FileText table_text(const std::string& path) {
  const std::string head = head_of(path, 8), name = file_name(path);
  const auto starts = [&](std::string_view magic) { return head.starts_with(magic); };
  if (starts("PAR1"))
    throw Error(Trouble::data, name, "a Parquet file", "a text table",
                "convert it: DuckDB writes COPY (FROM 'x.parquet') TO 'x.csv'");
  if (starts("\xd0\xcf\x11\xe0"))
    throw Error(Trouble::data, name, "an Excel workbook", "a text table", "save the sheet as CSV (UTF-8)");
  FileText text{std::string()};
  if (starts("PK\x03\x04")) {
    text = only_member(path);
  } else if (starts("BZh") ||
             starts(std::string_view("\xfd"
                                     "7zXZ\0",
                                     6)) ||
             starts("\x28\xb5\x2f\xfd")) {
    Archive packed(path, true);
    if (packed.next()) text = packed.read_all(most_unpacked(path));
  } else {
    text = read_text(path);
  }
  if (text.view().starts_with("\xff\xfe") || text.view().starts_with("\xfe\xff")) {
    std::string converted;
    if (!utf_16_to_utf8(text.view(), converted))
      throw Error(Trouble::data, name, "damaged UTF-16 text", "whole UTF-16 or UTF-8 text");
    return converted;
  }
  return text;
}

namespace {

/// The content of a table as delimited text. A JSON file that is no table says so, instead of being read as one line of text.
FileText delimited_text(const std::string& path) {
  if (is_json_lines(path)) return csv_of_json_lines(table_text(path).view(), file_name(path));
  FileText text = table_text(path);
  const std::size_t first = text.view().find_first_not_of(" \t\r\n");
  if (path.ends_with(".json") && first != std::string_view::npos && (text.view()[first] == '[' || text.view()[first] == '{'))
    throw Error(Trouble::data, file_name(path), "a JSON file", "JSON lines: one object on each line, in a file called NAME.jsonl",
                "jq -c '.[]' " + file_name(path) + " > " + file_name(path) + "l writes them from an array");
  return text;
}

}  // namespace

TableFile::TableFile(const std::string& path, const DataSettings& given)
    : settings(is_json_lines(path) ? settings_of_json_lines(given) : given),
      cells(delimited_text(path), settings, file_name(path), is_json_lines(path) ? 1 : 0) {}

}  // namespace tend
