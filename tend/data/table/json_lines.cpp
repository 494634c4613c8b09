#include "tend/data/table/json_lines.h"

#include <functional>
#include <map>
#include <vector>

#include "tend/data/table/words.h"

namespace tend {

namespace {

std::string quoted_cell(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string cell_of(const Value& v, const std::string& key, const std::string& place) {
  if (v.is_null()) return "";
  if (v.is_bool()) return v.boolean() ? "true" : "false";
  if (v.is_number()) return number_text(v);
  if (v.is_string()) return quoted_cell(v.string());
  throw Error(Trouble::data, place, "the key " + in_quotes(key) + " holds " + v.describe(),
              "a number, a text, true, false or null", "give each value a key of its own");
}

Value object_of(std::string_view line, const std::string& place) {
  Value row;
  try {
    row = parse_json(line, place);
  } catch (const Error& e) {
    throw Error(Trouble::data, place, e.got, "one JSON object on each line");
  }
  if (!row.is_table() || row.items().empty()) throw Error(Trouble::data, place, row.describe(), "one JSON object with keys");
  return row;
}

/// Calls take(line, number) for each line; an empty line is "".
void for_each_line(std::string_view text, const std::function<void(std::string_view, std::int64_t)>& take) {
  std::int64_t number = 0;
  for (std::size_t from = 0, end; from < text.size(); from = end + 1) {
    end = std::min(text.find('\n', from), text.size());
    std::string_view line = text.substr(from, end - from);
    if (line.find_first_not_of(" \t\r") == line.npos) line = {};
    take(line, ++number);
  }
}

}  // namespace

bool is_json_lines(const std::string& name) {
  std::string plain = name;
  for (const std::string packed : {".gz", ".bz2", ".xz", ".zst"})
    if (plain.ends_with(packed)) plain.resize(plain.size() - packed.size());
  return plain.ends_with(".jsonl") || plain.ends_with(".ndjson");
}

std::string csv_of_json_lines(std::string_view text, const std::string& name) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const auto place = [&](std::int64_t line) { return name + " line " + std::to_string(line); };
  std::map<std::string, std::size_t, std::less<>> columns;
  std::string out;
  for_each_line(text, [&](std::string_view line, std::int64_t number) {
    if (line.empty()) return;
    const Value row = object_of(line, place(number));
    for (const auto& [key, v] : row.items())
      if (columns.emplace(key, columns.size()).second) out += (out.empty() ? "" : ",") + quoted_cell(key);
  });
  if (columns.empty()) throw Error(Trouble::data, name, "an empty file", "one JSON object on each line");
  out += '\n';
  for_each_line(text, [&](std::string_view line, std::int64_t number) {
    if (!line.empty()) {
      std::vector<std::string> cells(columns.size(), columns.size() == 1 ? "\"\"" : "");  // a line without any mark is no row
      const Value row = object_of(line, place(number));
      for (const auto& [key, v] : row.items())
        if (!v.is_null()) cells[columns.find(key)->second] = cell_of(v, key, place(number));
      for (std::size_t c = 0; c < cells.size(); ++c) out += (c ? "," : "") + cells[c];
    }
    out += '\n';
  });
  return out;
}

DataSettings settings_of_json_lines(DataSettings settings) {
  settings.delimiter = ",";
  settings.decimal = ".";
  settings.header = true;
  settings.encoding = "utf-8";
  return settings;
}

}  // namespace tend
