#include "tend/exchange/log.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>

#include "tend/base/error.h"
#include "tend/base/text.h"
#include "tend/base/value.h"
#include "tend/base/write_whole.h"
#include "tend/data/table/cells.h"
#include "tend/data/table/row_places.h"
#include "tend/exchange/console.h"
#include "tend/exchange/events.h"
#include "tend/exchange/log_rows.h"

namespace tend {

namespace {

namespace fs = std::filesystem;

constexpr const char* formats =
    "CSV with a header, JSON lines, a JSON document with \"log_history\", a TensorBoard event file, or what a training printed";

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '"'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
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

/// The decimal mark that makes more cells numbers, in the losses first. Commas stand where cells are not separated by them.
char decimal_of(const RowPlaces& table, char delimiter) {
  if (delimiter == ',') return '.';
  std::ptrdiff_t losses = 0, all = 0;  // more commas than points
  for (std::size_t c = 0; c < table.width(); ++c) {
    const bool is_loss = meaning_of(std::string(stripped(table.cell(0, c)))).ends_with("loss");
    for (std::size_t r = 1; r < table.rows(); ++r) {
      double v = 0;
      const std::string_view cell = stripped(table.cell(r, c));
      const bool has_comma = cell.find(',') != cell.npos && read_number(cell, v, ',');
      const bool has_point = cell.find('.') != cell.npos && read_number(cell, v, '.');
      all += has_comma - has_point;
      if (is_loss) losses += has_comma - has_point;
    }
  }
  return losses > 0 || (losses == 0 && all > 0) ? ',' : '.';
}

std::vector<LogSeries> read_csv_log(std::string_view bytes, const std::string& path) {
  std::string text(bytes);
  const char delimiter = delimiter_of(text, DataSettings{}, path);
  RowPlaces table(text.data(), text.size(), delimiter);
  if (const RowPlaces::Trouble& trouble = table.trouble(); trouble.kind != RowPlaces::Trouble::none) {
    const std::size_t end = bytes.find_last_not_of(" \t\r\n"), last = bytes.find_last_of("\r\n", end);
    if (last != bytes.npos && trouble.at > last) return read_csv_log(bytes.substr(0, last), path);  // it is being written
    const std::string place = path + ":" + std::to_string(1 + count_lines(bytes.data(), bytes.data() + trouble.at));
    if (trouble.kind != RowPlaces::Trouble::ragged) throw Error(Trouble::data, place, "a quote that is never closed", formats);
    throw Error(Trouble::data, place, counted(static_cast<std::int64_t>(trouble.cells), "cell"),
                std::to_string(table.width()) + " cells, as in the header");
  }
  const char decimal = decimal_of(table, delimiter);
  std::vector<std::string> names;  // "" for an index without a name, and for a name that another column has
  for (std::size_t c = 0; c < table.width(); ++c) {
    const std::string name(stripped(table.cell(0, c)));
    names.push_back(std::find(names.begin(), names.end(), name) == names.end() ? name : "");
  }
  std::vector<LogRow> rows;
  for (std::size_t r = 1; r < table.rows(); ++r) {
    LogRow row;
    double v = 0;
    for (std::size_t c = 0; c < table.width(); ++c)
      if (!names[c].empty() && read_number(stripped(table.cell(r, c)), v, decimal)) row.emplace_back(names[c], v);
    rows.push_back(std::move(row));
  }
  leave_out_missing(rows);
  return series_of(rows);
}

/// Null is what some programs write for NaN, and tables that were exported as JSON for a cell without a value. A row that has
/// another finite loss is of the second kind.
void add_missing(const LogRow& missing, LogRow& row) {
  if (!has_finite_loss(row)) row.insert(row.end(), missing.begin(), missing.end());
}

void add_numbers(const Value& object, const std::string& prefix, LogRow& row, LogRow& missing) {
  for (const auto& [key, v] : object.items()) {
    const std::string name = prefix.empty() ? key : prefix + "/" + key;
    if (v.is_number()) row.emplace_back(name, v.number());
    else if (v.is_null()) missing.emplace_back(name, std::nan(""));
    else if (v.is_table()) add_numbers(v, name, row, missing);
    else if (double number = 0; v.is_string() && read_number(stripped(v.string()), number)) row.emplace_back(name, number);
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
    leave_out_missing(rows);
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
  leave_out_missing(rows);
  return series_of(rows);
}

/// Is it JSON or a table of a training, perhaps damaged? The first line is a whole object, a document has a history, or the names
/// over a table have a loss.
bool looks_like_a_log(std::string_view text) {
  const std::string_view line = trimmed(lines_of(text)[0]);
  if (text.find("\"log_history\"") != text.npos) return true;
  if (line.starts_with('{')) {
    try {
      return parse_json(with_words_quoted(line), "").is_table();
    } catch (const Error&) {
      return false;
    }
  }
  for (const char delimiter : {',', ';', '\t', '|'}) {
    std::size_t cells = 0;
    bool has_loss = false;
    for (std::size_t first = 0; first <= line.size(); ++cells) {
      const std::size_t end = std::min(line.find(delimiter, first), line.size());
      const std::string cell(trimmed(line.substr(first, end - first)));
      has_loss |= meaning_of(cell).ends_with("loss") && cell.find(':') == cell.npos && cell.find('=') == cell.npos &&
                  cell.find_first_of("0123456789") == cell.npos;
      first = end + 1;
    }
    if (cells > 1 && has_loss) return true;
  }
  return false;
}

/// JSON or a table, otherwise what a training printed: at least three losses.
std::vector<LogSeries> read_text_log(std::string_view text, const std::string& path) {
  constexpr std::ptrdiff_t fewest = 3;
  const char first = text[text.find_first_not_of(" \t\r\n")];
  const auto printed = [&]() -> std::vector<LogSeries> {
    std::vector<LogRow> rows = rows_of_console(text);
    if (std::count_if(rows.begin(), rows.end(), has_finite_loss) < fewest) return {};
    leave_out_missing(rows);
    std::vector<LogSeries> all = series_of(rows);
    for (LogSeries& series : all) series.is_printed = true;
    return all;
  };
  std::vector<LogSeries> log;
  try {
    log = first == '{' || first == '[' ? read_json_log(text, path) : read_csv_log(text, path);
  } catch (const Error&) {
    if (looks_like_a_log(text)) throw;
    log = printed();
    if (log.empty()) throw;
    return log;
  }
  const auto is_known = [](const LogSeries& series) { return !meaning_of(series.name).empty(); };
  if (std::any_of(log.begin(), log.end(), is_known)) return log;
  const std::vector<LogSeries> other = printed();
  return other.empty() ? log : other;
}

bool has_events(const fs::directory_entry& entry) {
  return entry.is_regular_file() && entry.path().filename().string().find("tfevents") != std::string::npos;
}

std::vector<LogSeries> read_log_file(const std::string& path) {
  const std::optional<std::string> content = read_whole(path);
  if (!content) throw Error(Trouble::missing, path, "it cannot be read", formats);
  return log_of_bytes(*content, path);
}

/// The event files of one folder, in the order of their names, which begin with their times. Where a file goes on with a training
/// at an earlier step, the values from there on are replaced.
void add_events_in(const fs::path& folder, const std::string& part, std::vector<LogSeries>& all) {
  std::vector<std::string> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (has_events(entry) && entry.file_size() > 0) files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) {
    const std::optional<std::string> content = read_whole(file);
    if (!content || !is_event_file(*content)) continue;
    for (LogSeries& series : read_events(*content, file)) {
      if (part.starts_with(series.name + "_")) series.name = part;  // add_scalars of torch: the tag "loss" in loss_train
      else if (!part.empty() && series.name.find('/') == std::string::npos) series.name = part + "/" + series.name;
      const auto known = std::find_if(all.begin(), all.end(), [&](const LogSeries& s) { return s.name == series.name; });
      if (known == all.end()) {
        all.push_back(std::move(series));
        continue;
      }
      while (!known->steps.empty() && known->steps.back() >= series.steps.front())
        known->steps.pop_back(), known->values.pop_back();
      known->steps.insert(known->steps.end(), series.steps.begin(), series.steps.end());
      known->values.insert(known->values.end(), series.values.begin(), series.values.end());
    }
  }
}

/// Is this the folder of the training or the validation rows of a run, as "train" of Keras and "loss_train" of torch?
bool is_of_part(const fs::path& folder) {
  const std::string name = folder.filename().string();
  const std::string of_loss = meaning_of(name + "/loss"), own = meaning_of(name);
  return of_loss.ends_with(".loss") || (name.find('_') != name.npos && (own.ends_with(".loss") || own.ends_with(".accuracy")));
}

/// The event files of the run below a folder that was written last: also those of its parts, which are folders beside each other.
/// Nothing outside the folder is read, also where it is itself that of a part.
std::vector<LogSeries> read_events_below(const std::string& folder) {
  fs::path newest;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder))
    if (has_events(entry) && (newest.empty() || fs::last_write_time(entry) > fs::last_write_time(newest))) newest = entry.path();
  if (newest.empty()) return {};
  const fs::path of_file = newest.parent_path();
  const bool is_given = fs::equivalent(of_file, folder);
  const fs::path run = !is_given && is_of_part(of_file) ? of_file.parent_path() : of_file;
  const fs::path own_name = is_given ? fs::canonical(of_file).filename() : fs::path();
  std::vector<LogSeries> all;
  add_events_in(run, is_given && is_of_part(own_name) ? own_name.string() : "", all);
  std::vector<fs::path> parts;
  for (const fs::directory_entry& entry : fs::directory_iterator(run))
    if (entry.is_directory() && is_of_part(entry.path())) parts.push_back(entry.path());
  std::sort(parts.begin(), parts.end());
  for (const fs::path& part : parts) add_events_in(part, part.filename().string(), all);
  if (all.empty()) throw Error(Trouble::data, newest.string(), "no scalar", formats);
  number_where_steps_stand(all);
  return all;
}

/// The newest of the usual logs below a folder.
std::string file_below(const std::string& folder) {
  fs::path newest;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder))
    for (const char* name : {"metrics.csv", "results.csv", "trainer_state.json", "log.csv", "training.log"})
      if (entry.path().filename() == name && entry.is_regular_file() &&
          (newest.empty() || fs::last_write_time(entry) > fs::last_write_time(newest)))
        newest = entry.path();
  if (newest.empty())
    throw Error(Trouble::missing, folder, "no log in it", "an event file, metrics.csv, results.csv or trainer_state.json",
                "name the file");
  return newest.string();
}

}  // namespace

std::vector<LogSeries> read_log(const std::string& given) {
  if (!fs::exists(given)) throw Error(Trouble::missing, given, "no file or folder there", formats);
  if (!fs::is_directory(given)) return read_log_file(given);
  const std::vector<LogSeries> events = read_events_below(given);
  return events.empty() ? read_log_file(file_below(given)) : events;
}

std::vector<LogSeries> log_of_bytes(std::string_view bytes, const std::string& path) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  std::vector<LogSeries> log;
  if (is_event_file(bytes)) log = read_events(bytes, path);
  else if (const bool is_empty = lines_of(bytes).empty(); is_empty || bytes.find('\0') != bytes.npos)
    throw Error(Trouble::data, path, is_empty ? "an empty file" : "a file that is no text and no event file", formats);
  else log = read_text_log(bytes, path);
  if (log.empty()) throw Error(Trouble::data, path, "no scalar", formats);
  number_where_steps_stand(log);
  return log;
}

}  // namespace tend
