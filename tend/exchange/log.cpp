#include "tend/exchange/log.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>

#include "tend/base/error.h"
#include "tend/base/text.h"
#include "tend/base/value.h"
#include "tend/base/write_whole.h"
#include "tend/exchange/events.h"

namespace tend {

namespace {

namespace fs = std::filesystem;

constexpr const char* formats =
    "CSV with a header, JSON lines, a JSON document with \"log_history\", or a TensorBoard event file";

/// Names and values of one row of a log; a value that is no number is left out.
using LogRow = std::vector<std::pair<std::string, double>>;

std::vector<LogSeries> series_of(const std::vector<LogRow>& rows) {
  std::vector<LogSeries> all;
  std::map<std::string, std::size_t> places;
  double number = 0;
  for (const LogRow& row : rows) {
    ++number;
    double step = number, epoch = -1;
    bool has_step = false;
    for (const auto& [name, value] : row) {
      const std::string meaning = meaning_of(name);
      if (meaning == of_steps && !has_step) step = value, has_step = true;
      if (meaning == of_epochs) epoch = value;
    }
    if (!has_step && epoch >= 0) step = epoch;
    for (const auto& [name, value] : row) {
      const auto [place, is_new] = places.try_emplace(name, all.size());
      if (is_new) all.push_back({.name = name, .steps = {}, .values = {}});
      all[place->second].steps.push_back(step);
      all[place->second].values.push_back(value);
    }
  }
  return all;
}

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '"'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// A number, also "nan" and "inf"; nothing for other text.
std::optional<double> number_in_log(std::string_view text) {
  double v = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), v);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
  return v;
}

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> cells;
  bool is_quoted = false;
  std::size_t first = 0;
  for (std::size_t i = 0; i <= line.size(); ++i) {
    if (i < line.size() && line[i] == '"') is_quoted = !is_quoted;
    if (i < line.size() && (line[i] != ',' || is_quoted)) continue;
    cells.push_back(trimmed(line.substr(first, i - first)));
    first = i + 1;
  }
  return cells;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t first = 0; first < text.size();) {
    const std::size_t end = std::min(text.find('\n', first), text.size());
    if (!trimmed(text.substr(first, end - first)).empty()) lines.push_back(text.substr(first, end - first));
    first = end + 1;
  }
  return lines;
}

std::vector<LogSeries> read_csv_log(std::string_view text, const std::string& path) {
  const std::vector<std::string_view> lines = lines_of(text);
  const std::vector<std::string_view> names = cells_of(lines[0]);
  std::vector<LogRow> rows;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::vector<std::string_view> cells = cells_of(lines[i]);
    if (cells.size() != names.size()) {
      if (i + 1 == lines.size()) break;  // it is being written
      throw Error(Trouble::data, path + ":" + std::to_string(i + 1), counted(static_cast<std::int64_t>(cells.size()), "cell"),
                  std::to_string(names.size()) + " cells, as in the header");
    }
    LogRow row;
    for (std::size_t c = 0; c < cells.size(); ++c)
      if (const std::optional<double> v = number_in_log(cells[c])) row.emplace_back(std::string(names[c]), *v);
    rows.push_back(std::move(row));
  }
  return series_of(rows);
}

/// Null is what some programs write for NaN, and tables that were exported as JSON for a cell without a value. A row that has
/// another loss or accuracy is of the second kind.
void add_missing(const LogRow& missing, LogRow& row) {
  const bool has_metric = std::any_of(row.begin(), row.end(), [](const auto& cell) {
    const std::string meaning = meaning_of(cell.first);
    return meaning.ends_with(".loss") || meaning.ends_with(".accuracy");
  });
  if (!has_metric) row.insert(row.end(), missing.begin(), missing.end());
}

void add_numbers(const Value& object, const std::string& prefix, LogRow& row, LogRow& missing) {
  for (const auto& [key, v] : object.items()) {
    const std::string name = prefix.empty() ? key : prefix + "/" + key;
    if (v.is_number()) row.emplace_back(name, v.number());
    else if (v.is_null()) missing.emplace_back(name, std::nan(""));
    else if (v.is_table()) add_numbers(v, name, row, missing);
    else if (v.is_string())
      if (const std::optional<double> number = number_in_log(v.string())) row.emplace_back(name, *number);
  }
}

/// NaN and Infinity, which Python writes into JSON, as words.
std::string with_words_quoted(std::string_view line) {
  std::string text(line);
  for (const char* word : {"-Infinity", "Infinity", "NaN"})
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at)) {
      const std::size_t size = std::string_view(word).size();
      const bool is_bare = (at == 0 || text[at - 1] != '"') && (at == 0 || text[at - 1] != '-');
      if (is_bare) text.replace(at, size, "\"" + std::string(word) + "\"");
      at += size + (is_bare ? 2 : 0);
    }
  return text;
}

/// Throws Error{data}: to parse_json a wrong document is a usage error, as in an experiment file, but a log is data.
Value json_of_log(std::string_view text, const std::string& where) {
  try {
    return parse_json(with_words_quoted(text), where);
  } catch (const Error& e) {
    throw Error(Trouble::data, e.where, e.got, e.wanted, e.hint);
  }
}

std::vector<LogSeries> read_json_log(std::string_view text, const std::string& path) {
  std::vector<LogRow> rows;
  const auto add = [&](const Value& v, const std::string& where) {
    if (!v.is_table()) throw Error(Trouble::data, where, v.describe(), "an object with scalars");
    rows.emplace_back();
    LogRow missing;
    add_numbers(v, "", rows.back(), missing);
    add_missing(missing, rows.back());
  };
  const std::vector<std::string_view> lines = lines_of(text);
  if (trimmed(lines[0]).back() != '}') {  // one document over many lines
    const Value document = json_of_log(text, path);
    const Value* log = document.is_array() ? &document : document.find("log_history");
    if (!log || !log->is_array()) throw Error(Trouble::data, path, "a JSON document without \"log_history\"", formats);
    for (const Value& row : log->array_items()) add(row, path);
    return series_of(rows);
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i + 1 == lines.size() && trimmed(lines[i]).back() != '}') break;  // it is being written
    add(json_of_log(lines[i], path + ":" + std::to_string(i + 1)), path + ":" + std::to_string(i + 1));
  }
  if (rows.size() == 1) {
    const Value document = json_of_log(lines[0], path);
    if (const Value* log = document.find("log_history"); log && log->is_array()) {
      rows.clear();
      for (const Value& row : log->array_items()) add(row, path);
    }
  }
  return series_of(rows);
}

/// The newest event file below a folder, or one of the usual logs in it.
std::string file_in(const std::string& folder) {
  fs::path newest;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().filename().string().find("tfevents") == std::string::npos) continue;
    if (newest.empty() || fs::last_write_time(entry) > fs::last_write_time(newest)) newest = entry.path();
  }
  if (!newest.empty()) return newest.string();
  for (const char* name : {"metrics.csv", "results.csv", "trainer_state.json", "log.csv", "training.log"})
    if (fs::exists(folder + "/" + name)) return folder + "/" + name;
  throw Error(Trouble::missing, folder, "no log in it", "an event file, metrics.csv, results.csv or trainer_state.json",
              "name the file");
}

}  // namespace

std::vector<LogSeries> read_log(const std::string& given) {
  if (!fs::exists(given)) throw Error(Trouble::missing, given, "no file or folder there", formats);
  const std::string path = fs::is_directory(given) ? file_in(given) : given;
  const std::optional<std::string> content = read_whole(path);
  if (!content) throw Error(Trouble::missing, path, "it cannot be read", formats);
  return log_of_bytes(*content, path);
}

std::vector<LogSeries> log_of_bytes(std::string_view bytes, const std::string& path) {
  std::vector<LogSeries> log;
  if (is_event_file(bytes)) log = read_events(bytes, path);
  else if (lines_of(bytes).empty() || bytes.find('\0') != bytes.npos)
    throw Error(Trouble::data, path, bytes.empty() ? "an empty file" : "a file that is no text and no event file", formats);
  else
    log = bytes[bytes.find_first_not_of(" \t\r\n")] == '{' || bytes[bytes.find_first_not_of(" \t\r\n")] == '['
              ? read_json_log(bytes, path)
              : read_csv_log(bytes, path);
  if (log.empty()) throw Error(Trouble::data, path, "no scalar", formats);
  return log;
}

}  // namespace tend
