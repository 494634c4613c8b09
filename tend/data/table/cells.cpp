#include "tend/data/table/cells.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <unordered_set>

#include <fast_float/fast_float.h>

#include "tend/base/text.h"
#include "tend/data/table/utf8.h"

namespace tend {
namespace {

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool equals_word(std::string_view cell, std::string_view lower_case) {
  if (cell.size() != lower_case.size()) return false;
  for (std::size_t i = 0; i < cell.size(); ++i) {
    const char c = cell[i] >= 'A' && cell[i] <= 'Z' ? static_cast<char>(cell[i] + 32) : cell[i];
    if (c != lower_case[i]) return false;
  }
  return true;
}

/// Reads 1_000 as Python does: single underscores between digits.
bool read_with_underscores(std::string_view cell, double& out, char decimal) {
  std::string plain;
  const auto is_digit = [&](std::size_t i) { return i < cell.size() && cell[i] >= '0' && cell[i] <= '9'; };
  for (std::size_t i = 0; i < cell.size(); ++i) {
    if (cell[i] != '_') plain += cell[i];
    else if (i == 0 || !is_digit(i - 1) || !is_digit(i + 1)) return false;
  }
  return read_number(plain, out, decimal);
}

}  // namespace

std::string_view stripped(std::string_view cell) {
  for (;;) {
    while (!cell.empty() && is_blank(cell.front())) cell.remove_prefix(1);
    while (!cell.empty() && is_blank(cell.back())) cell.remove_suffix(1);
    constexpr std::string_view no_break = "\xc2\xa0";
    if (cell.starts_with(no_break)) cell.remove_prefix(2);
    else if (cell.ends_with(no_break)) cell.remove_suffix(2);
    else return cell;
  }
}

MissingWords::MissingWords(const std::vector<std::string>& settings) {
  for (const std::string& word : settings) {
    const bool is_removed = word.starts_with('-') && word.find_first_not_of('-') != word.npos;
    if (is_removed) removed_.push_back(word.substr(1));
    else added_.push_back(word.starts_with('+') && word.size() > 1 ? word.substr(1) : word);
  }
}

bool MissingWords::removes(std::string_view cell) const {
  return std::any_of(removed_.begin(), removed_.end(), [&](const std::string& word) { return cell == word; });
}

bool MissingWords::contains(std::string_view cell) const {
  if (cell.size() <= 4) {
    if (cell.empty()) return true;
    const bool is_usual = cell == "?" || ((cell.front() == 'n' || cell.front() == 'N') &&
                                          (equals_word(cell, "na") || equals_word(cell, "nan") || equals_word(cell, "null")));
    if (is_usual && !removes(cell)) return true;
  }
  return std::any_of(added_.begin(), added_.end(), [&](const std::string& word) { return cell == word; });
}

bool read_number(std::string_view cell, double& out, char decimal) {
  const std::string_view whole = cell;
  bool is_negative = false;
  if (!cell.empty() && (cell.front() == '+' || cell.front() == '-')) {
    is_negative = cell.front() == '-';
    cell.remove_prefix(1);
  }
  if (cell.empty()) return false;
  if (!(cell.front() >= '0' && cell.front() <= '9') && cell.front() != decimal) {
    if (equals_word(cell, "inf") || equals_word(cell, "infinity")) out = std::numeric_limits<double>::infinity();
    else if (equals_word(cell, "nan")) out = std::numeric_limits<double>::quiet_NaN();
    else return false;
  } else {
    const fast_float::parse_options options(fast_float::chars_format::general, decimal);
    const auto result = fast_float::from_chars_advanced(cell.data(), cell.data() + cell.size(), out, options);
    if (result.ptr != cell.data() + cell.size()) return cell.find('_') != cell.npos && read_with_underscores(whole, out, decimal);
    if (result.ec != std::errc() && result.ec != std::errc::result_out_of_range) return false;
  }
  if (is_negative) out = -out;
  return true;
}

char delimiter_of(std::string_view text, const DataSettings& settings, const std::string& name) {
  if (settings.delimiter == "tab" || settings.delimiter == "\\t") return '\t';
  if (settings.delimiter.size() == 1 && settings.delimiter != "\"" && settings.delimiter != "\n" && settings.delimiter != "\r") {
    if (settings.delimiter == settings.decimal)
      throw Error(Trouble::usage, "data.delimiter", "\"" + settings.delimiter + "\", which is the decimal mark too",
                  "two different characters");
    return settings.delimiter[0];
  }
  if (!settings.delimiter.empty())
    throw Error(Trouble::usage, "data.delimiter", "\"" + settings.delimiter + "\"", "one character, or \"tab\"");
  if (name.ends_with(".tsv") || name.find(".tsv.") != name.npos) return '\t';
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  char best = settings.decimal == "," ? ';' : ',';
  std::ptrdiff_t most = std::count(line.begin(), line.end(), best);
  for (const char c : {';', '\t', '|'})
    if (const auto n = std::count(line.begin(), line.end(), c); n > most) {
      most = n;
      best = c;
    }
  return best;
}

Cells::Cells(std::string text, const DataSettings& settings, std::string name, std::int64_t lines_before)
    : text_(std::move(text)), name_(std::move(name)), lines_before_(lines_before) {
  check_text(settings);
  delimiter_ = delimiter_of(text_, settings, name_);
  split(delimiter_);
  if (starts_.empty()) throw Error(Trouble::data, name_, "an empty file", "a table with at least one row");
  name_columns(settings);
  rows_ = static_cast<std::int64_t>(starts_.size()) - (has_header_ ? 1 : 0);
  if (has_header_ && width_ > 1) leave_out_headers(settings.decimal[0]);
  if (rows_ == 0) throw Error(Trouble::data, name_, "a header and no rows", "at least one row below it");
}

bool Cells::repeats_header(std::size_t row) const {
  for (std::size_t c = 0; c < width_; ++c)
    if (cells_[row * width_ + c] != cells_[c]) return false;
  return true;
}

/// Is the row after the header words above columns of numbers? In at least two columns the next rows must be numbers, and no cell
/// of the row itself may be one.
bool Cells::is_second_header(char decimal) const {
  constexpr std::int64_t looked_at = 12, enough = 6;
  if (rows_ < looked_at) return false;
  const MissingWords missing({});
  double v = 0;
  int above_numbers = 0;
  for (std::int64_t c = 0; c < columns(); ++c) {
    const std::string_view first = stripped(at(0, c));
    if (read_number(first, v, decimal)) return false;
    std::int64_t numbers = 0, others = 0;
    for (std::int64_t r = 1; r < looked_at; ++r) {
      const std::string_view cell = stripped(at(r, c));
      if (!missing.contains(cell)) ++(read_number(cell, v, decimal) ? numbers : others);
    }
    above_numbers += !missing.contains(first) && !is_missing_number_word(first) && numbers >= enough && others == 0;
  }
  return above_numbers >= 2;
}

void Cells::leave_out_headers(char decimal) {
  const std::size_t all = starts_.size();
  std::vector<std::size_t> headers;
  if (is_second_header(decimal)) {
    notes_.push_back(
        {.text = place(0) + " names no values but units or types in columns of numbers: it is left out", .of = rows_});
    headers.push_back(1);
  }
  std::int64_t repeated = 0;
  std::string first;
  for (std::size_t row = 1; row < all; ++row) {
    if (cells_[row * width_] != cells_[0] || !repeats_header(row)) continue;
    if (++repeated == 1) first = line_of(starts_[row]);
    headers.push_back(row);
  }
  if (headers.empty()) return;
  if (repeated > 0)
    notes_.push_back({.text = name_ + ": " + counted(repeated, "row") + (repeated == 1 ? " repeats" : " repeat") +
                              " the header and " + (repeated == 1 ? "is" : "are") + " left out; the first is " + first,
                      .of = rows_});
  std::sort(headers.begin(), headers.end());
  std::size_t to = 0;
  for (std::size_t row = 0, next = 0; row < all; ++row) {
    while (next < headers.size() && headers[next] < row) ++next;
    if (next < headers.size() && headers[next] == row) continue;
    std::copy_n(cells_.begin() + static_cast<std::ptrdiff_t>(row * width_), width_,
                cells_.begin() + static_cast<std::ptrdiff_t>(to * width_));
    starts_[to++] = starts_[row];
  }
  starts_.resize(to);
  cells_.resize(to * width_);
  rows_ = static_cast<std::int64_t>(to) - 1;
}

void Cells::check_text(const DataSettings& settings) {
  if (const auto nul = text_.find('\0'); nul != text_.npos)
    throw Error(Trouble::data, line_of(nul), "a NUL byte", "text", "is this a table at all?");
  if (settings.encoding == "latin-1") text_ = latin_1_to_utf8(text_);
  else if (const auto bad = first_invalid_utf8(text_); bad != text_.npos)
    throw Error(Trouble::data, line_of(bad), "a byte that is not UTF-8", "UTF-8 text",
                "--set data.encoding=latin-1 reads Western European text of old programs");
  if (text_.starts_with("\xef\xbb\xbf")) text_.erase(0, 3);
  if (text_.ends_with('\x1a')) text_.pop_back();
}

void Cells::split(char delimiter) {
  const char* const begin = text_.data();
  const char* const end = begin + text_.size();
  const char* at = begin;
  while (at < end) {
    const char* const row = at;
    const std::size_t first_cell = cells_.size();
    for (;;) {
      while (at < end && *at == ' ' && delimiter != ' ') ++at;
      std::string_view cell;
      if (at < end && *at == '"') {
        at = quoted(at, end, delimiter, cell);
      } else {
        const char* const start = at;
        while (at < end && *at != delimiter && *at != '\n' && *at != '\r') ++at;
        cell = {start, static_cast<std::size_t>(at - start)};
      }
      cells_.push_back(cell);
      if (at >= end || *at != delimiter) break;
      ++at;
    }
    if (at < end) at += *at == '\r' && at + 1 < end && at[1] == '\n' ? 2 : 1;
    end_row(first_cell, static_cast<std::size_t>(row - begin));
  }
}

/// Reads from an opening quote to the delimiter or line end after the cell. Text after the closing quote belongs to the cell.
const char* Cells::quoted(const char* at, const char* end, char delimiter, std::string_view& cell) {
  const char* const open = at++;
  const char* const start = at;
  std::string* changed = nullptr;
  for (;;) {
    const char* quote = at < end ? static_cast<const char*>(std::memchr(at, '"', static_cast<std::size_t>(end - at))) : nullptr;
    if (!quote)
      throw Error(Trouble::data, line_of(static_cast<std::size_t>(open - text_.data())),
                  "a quote that is opened and never closed", "a closing quote");
    if (quote + 1 < end && quote[1] == '"') {
      if (!changed) changed = &unquoted_.emplace_back();
      changed->append(at, quote + 1);
      at = quote + 2;
      continue;
    }
    const char* tail = quote + 1;
    while (tail < end && *tail != delimiter && *tail != '\n' && *tail != '\r') ++tail;
    if (!changed && tail == quote + 1) {
      cell = {start, static_cast<std::size_t>(quote - start)};
      return tail;
    }
    if (!changed) changed = &unquoted_.emplace_back();
    changed->append(at, quote);
    changed->append(quote + 1, tail);
    cell = *changed;
    return tail;
  }
}

void Cells::end_row(std::size_t first_cell, std::size_t start) {
  const std::size_t n = cells_.size() - first_cell;
  const bool is_empty_line = start >= text_.size() || text_[start] == '\n' || text_[start] == '\r';
  if (n == 1 && (is_empty_line || (width_ != 1 && stripped(cells_.back()).empty()))) {
    cells_.pop_back();
    return;
  }
  if (starts_.empty()) width_ = n;
  if (n != width_)
    throw Error(Trouble::data, line_of(start), std::to_string(n) + (n == 1 ? " cell" : " cells"),
                std::to_string(width_) + ", as the first line has", "look for a missing or extra delimiter, or a quote");
  starts_.push_back(start);
}

void Cells::name_columns(const DataSettings& settings) {
  const char decimal = settings.decimal[0];
  if (settings.header.is_null()) {
    double v = 0;
    has_header_ = std::none_of(cells_.begin(), cells_.begin() + static_cast<std::ptrdiff_t>(width_), [&](std::string_view cell) {
      return read_number(stripped(cell), v, decimal) && std::isfinite(v);
    });
  } else {
    if (!settings.header.is_bool()) throw Error(Trouble::usage, "data.header", settings.header.describe(), "true or false");
    has_header_ = settings.header.boolean();
  }
  std::unordered_set<std::string> seen;
  for (std::size_t i = 0; i < width_; ++i) {
    std::string name = has_header_ ? std::string(stripped(cells_[i])) : std::string();
    if (name.empty()) name = std::to_string(i);
    if (!seen.insert(name).second)
      throw Error(Trouble::data, line_of(starts_[0]), "the column name \"" + name + "\" twice",
                  "a name for each column that no other has",
                  "rename one of them, or --set data.header=false if the first line holds data");
    names_.push_back(std::move(name));
  }
}

std::int64_t Cells::line_number(std::size_t offset) const {
  std::int64_t line = 1 - lines_before_;
  for (std::size_t i = 0; i < offset && i < text_.size(); ++i)
    line += text_[i] == '\n' || (text_[i] == '\r' && (i + 1 >= text_.size() || text_[i + 1] != '\n'));
  return line;
}

std::string Cells::line_of(std::size_t offset) const { return name_ + " line " + std::to_string(line_number(offset)); }

std::int64_t Cells::line(std::int64_t row) const {
  return line_number(starts_[static_cast<std::size_t>(row + (has_header_ ? 1 : 0))]);
}

std::string Cells::place(std::int64_t row) const { return name_ + " line " + std::to_string(line(row)); }

}  // namespace tend
