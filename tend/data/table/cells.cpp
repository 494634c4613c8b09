#include "tend/data/table/cells.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <unordered_set>

#include <fast_float/fast_float.h>

#include "tend/base/executor.h"
#include "tend/base/text.h"
#include "tend/data/table/utf8.h"
#include "tend/data/table/words.h"

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

/// Reads -12.345 exactly: up to 15 digits and at most 15 decimals are whole numbers and powers of ten that a double holds
/// exactly, and their quotient is rounded once. Returns false for all other text.
bool read_short_decimal(std::string_view cell, double& out, char decimal) {
  static constexpr double powers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const char *at = cell.data(), *const end = at + cell.size();
  const bool is_negative = at < end && *at == '-';
  at += is_negative;
  if (at == end || end - at > 16) return false;
  std::int64_t digits = 0, decimals = -1;
  std::uint64_t whole = 0;
  for (; at < end; ++at) {
    if (const unsigned digit = static_cast<unsigned char>(*at) - '0'; digit <= 9) {
      whole = 10 * whole + digit;
      ++digits;
      decimals += decimals >= 0;
    } else if (*at == decimal && decimals < 0) {
      decimals = 0;
    } else {
      return false;
    }
  }
  if (digits == 0 || digits > 15) return false;
  const double value = static_cast<double>(whole) / powers[std::max<std::int64_t>(decimals, 0)];
  out = is_negative ? -value : value;
  return true;
}

constexpr std::size_t nowhere = std::string_view::npos;

/// The places of the first NUL byte and of the first byte that is not UTF-8, if that is asked for; nowhere if there is none.
std::pair<std::size_t, std::size_t> first_bad_bytes(std::string_view text, bool must_be_utf8) {
  constexpr std::size_t piece = 1 << 20;
  const auto pieces = static_cast<std::int64_t>((text.size() + piece - 1) / piece);
  std::vector<std::pair<std::size_t, std::size_t>> found(static_cast<std::size_t>(pieces), {nowhere, nowhere});
  // A piece begins with a whole character: at most three bytes of the one before go to the piece before.
  const auto start_of = [&](std::size_t i) {
    std::size_t at = std::min(i * piece, text.size());
    for (int k = 0; k < 3 && at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80; ++k) ++at;
    return at;
  };
  const auto pool = make_pool(pieces > 4 ? std::min(usual_threads(), 8) : 1);
  run_blocks(*pool, pieces, [&](std::int64_t block) {
    const auto i = static_cast<std::size_t>(block);
    const std::size_t from = start_of(i);
    const std::string_view part = text.substr(from, start_of(i + 1) - from);
    if (const std::size_t nul = part.find('\0'); nul != part.npos) found[i].first = from + nul;
    const std::size_t bad = must_be_utf8 ? first_invalid_utf8(part) : nowhere;
    if (bad != nowhere) found[i].second = from + bad;
  });
  std::pair<std::size_t, std::size_t> first{nowhere, nowhere};
  for (const auto& [nul, bad] : found) first = {std::min(first.first, nul), std::min(first.second, bad)};
  return first;
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

std::string_view stripped_of_blanks(std::string_view cell) {
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

bool MissingWords::is_one_of_them(std::string_view cell) const {
  if (cell.size() <= 4) {
    if (cell.empty()) return true;
    const bool is_usual = cell == "?" || ((cell.front() == 'n' || cell.front() == 'N') &&
                                          (equals_word(cell, "na") || equals_word(cell, "nan") || equals_word(cell, "null")));
    if (is_usual && !removes(cell)) return true;
  }
  return std::any_of(added_.begin(), added_.end(), [&](const std::string& word) { return cell == word; });
}

bool read_number(std::string_view cell, double& out, char decimal) {
  if (read_short_decimal(cell, out, decimal)) return true;
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

Cells::Cells(FileText text, const DataSettings& settings, std::string name, std::int64_t lines_before)
    : text_(std::move(text)), name_(std::move(name)), lines_before_(lines_before) {
  check_text(settings);
  delimiter_ = delimiter_of(text_.view(), settings, name_);
  table_.emplace(text_.data(), text_.size(), delimiter_);
  if (table_->trouble().kind != RowPlaces::Trouble::none) refuse(table_->trouble());
  if (table_->rows() == 0) throw Error(Trouble::data, name_, "an empty file", "a table with at least one row");
  if (settings.header.is_null()) leave_out_title();
  name_columns(settings);
  rows_ = static_cast<std::int64_t>(table_->rows()) - (has_header_ ? 1 : 0);
  if (has_header_ && columns() > 1) leave_out_headers(settings.decimal[0]);
  if (rows_ == 0) throw Error(Trouble::data, name_, "a header and no rows", "at least one row below it");
  point_out_total();
}

/// Lines above the header, as reports have them: most of their cells are empty, and a row of words without an empty cell
/// follows, and then a row with a number.
void Cells::leave_out_title() {
  constexpr std::size_t most_lines = 10, fewest_columns = 3;
  const std::size_t width = table_->width();
  const auto empty_cells = [&](std::size_t row) {
    std::size_t n = 0;
    for (std::size_t c = 0; c < width; ++c) n += stripped(table_->cell(row, c)).empty();
    return n;
  };
  std::size_t header = 0;
  while (header < std::min(most_lines, table_->rows()) && 2 * empty_cells(header) > width) ++header;
  if (width < fewest_columns || header == 0 || header + 1 >= table_->rows() || empty_cells(header) > 0) return;
  const auto numbers = [&](std::size_t row) {
    double v = 0;
    std::size_t n = 0;
    for (std::size_t c = 0; c < width; ++c) n += read_number(stripped(table_->cell(row, c)), v);
    return n;
  };
  if (numbers(header) > 0 || numbers(header + 1) == 0) return;
  notes_.push_back({.text = line_of(table_->start(header)) + " has the names of the columns; " +
                            counted(static_cast<std::int64_t>(header), "row") + " above it " + (header == 1 ? "is" : "are") +
                            " left out, which begin with " + in_quotes(stripped(table_->cell(0, 0)))});
  table_->remove_if([header](std::size_t row) { return row < header; });
}

/// A last row that sums up the others.
void Cells::point_out_total() {
  constexpr std::int64_t fewest_rows = 5;
  constexpr std::array<std::string_view, 7> words{"total", "totals", "grand total", "sum", "summe", "gesamt", "insgesamt"};
  if (rows_ < fewest_rows) return;
  for (std::int64_t c = 0; c < columns(); ++c) {
    const std::string_view cell = stripped(at(rows_ - 1, c));
    if (std::find(words.begin(), words.end(), lower_case(cell)) == words.end() || at(rows_ - 2, c) == at(rows_ - 1, c)) continue;
    notes_.push_back({.text = place(rows_ - 1) + ", the last row, has " + in_quotes(cell) + " in " +
                              in_quotes(names_[static_cast<std::size_t>(c)]) +
                              ". If it sums up the other rows, remove it: it is read as a row like them",
                      .of = rows_});
    return;
  }
}

void Cells::refuse(const RowPlaces::Trouble& trouble) const {
  if (trouble.kind == RowPlaces::Trouble::open_quote)
    throw Error(Trouble::data, line_of(trouble.at), "a quote that is opened and never closed", "a closing quote");
  if (trouble.kind == RowPlaces::Trouble::long_line)
    throw Error(Trouble::data, line_of(trouble.at), "a line of more than 4 GiB", "a table of lines");
  throw Error(Trouble::data, line_of(trouble.at), std::to_string(trouble.cells) + (trouble.cells == 1 ? " cell" : " cells"),
              std::to_string(table_->width()) + ", as the first line has",
              table_->cell(0, 0).starts_with('#') ? "lines that begin with # are no comments here: remove them"
              : table_->width() == 1
                  ? "if the lines above are a title, remove them: the first line must have the names of the columns"
                  : "look for a missing or extra delimiter, or a quote");
}

bool Cells::repeats_header(std::size_t row) const {
  for (std::size_t c = 0; c < table_->width(); ++c)
    if (table_->cell(row, c) != table_->cell(0, c)) return false;
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
  std::vector<std::size_t> headers;
  if (is_second_header(decimal)) {
    notes_.push_back(
        {.text = place(0) + " names no values but units or types in columns of numbers: it is left out", .of = rows_});
    headers.push_back(1);
  }
  constexpr std::size_t rows_of_block = 1 << 16;
  const auto blocks = static_cast<std::int64_t>((table_->rows() + rows_of_block - 1) / rows_of_block);
  std::vector<std::vector<std::size_t>> found(static_cast<std::size_t>(blocks));
  const auto pool = make_pool(blocks > 4 ? std::min(usual_threads(), 8) : 1);
  run_blocks(*pool, blocks, [&](std::int64_t block) {
    const auto i = static_cast<std::size_t>(block);
    const std::string_view first_name = table_->cell(0, 0);
    const std::size_t end = std::min((i + 1) * rows_of_block, table_->rows());
    for (std::size_t row = std::max<std::size_t>(1, i * rows_of_block); row < end; ++row)
      if (table_->cell(row, 0) == first_name && repeats_header(row)) found[i].push_back(row);
  });
  std::int64_t repeated = 0;
  std::string first;
  for (const auto& rows : found)
    for (const std::size_t row : rows) {
      if (++repeated == 1) first = line_of(table_->start(row));
      headers.push_back(row);
    }
  if (headers.empty()) return;
  if (repeated > 0)
    notes_.push_back({.text = name_ + ": " + counted(repeated, "row") + (repeated == 1 ? " repeats" : " repeat") +
                              " the header and " + (repeated == 1 ? "is" : "are") + " left out; the first is " + first,
                      .of = rows_});
  std::sort(headers.begin(), headers.end());
  table_->remove_if([next = std::size_t{0}, &headers](std::size_t row) mutable {
    while (next < headers.size() && headers[next] < row) ++next;
    return next < headers.size() && headers[next] == row;
  });
  rows_ = static_cast<std::int64_t>(table_->rows()) - 1;
}

void Cells::check_text(const DataSettings& settings) {
  const bool is_latin_1 = settings.encoding == "latin-1";
  const auto [nul, bad] = first_bad_bytes(text_.view(), !is_latin_1);
  if (nul != nowhere) throw Error(Trouble::data, line_of(nul), "a NUL byte", "text", "is this a table at all?");
  if (is_latin_1) text_ = latin_1_to_utf8(text_.view());
  else if (bad != nowhere)
    throw Error(Trouble::data, line_of(bad), "a byte that is not UTF-8", "UTF-8 text",
                "--set data.encoding=latin-1 reads Western European text of old programs");
  if (text_.view().starts_with("\xef\xbb\xbf")) text_.drop_front(3);
  if (text_.view().ends_with('\x1a')) text_.drop_back(1);
}

void Cells::name_columns(const DataSettings& settings) {
  const char decimal = settings.decimal[0];
  if (settings.header.is_null()) {
    double v = 0;
    has_header_ = true;
    for (std::size_t c = 0; c < table_->width() && has_header_; ++c)
      has_header_ = !(read_number(stripped(table_->cell(0, c)), v, decimal) && std::isfinite(v));
  } else {
    if (!settings.header.is_bool()) throw Error(Trouble::usage, "data.header", settings.header.describe(), "true or false");
    has_header_ = settings.header.boolean();
  }
  std::unordered_set<std::string> seen;
  for (std::size_t i = 0; i < table_->width(); ++i) {
    std::string name = has_header_ ? std::string(stripped(table_->cell(0, i))) : std::string();
    if (name.empty()) name = std::to_string(i);
    if (!seen.insert(name).second)
      throw Error(Trouble::data, line_of(table_->start(0)), "the column name \"" + name + "\" twice",
                  "a name for each column that no other has",
                  "rename one of them, or --set data.header=false if the first line holds data");
    names_.push_back(std::move(name));
  }
}

std::int64_t Cells::line_number(std::size_t offset) const {
  const std::string_view text = text_.view();
  const std::size_t end = std::min(offset, text.size());
  // A CR at the end may be the first half of a line end.
  const bool is_inside = end > 0 && end < text.size() && text[end - 1] == '\r' && text[end] == '\n';
  return 1 - lines_before_ + static_cast<std::int64_t>(count_lines(text.data(), text.data() + end)) - (is_inside ? 1 : 0);
}

std::string Cells::line_of(std::size_t offset) const { return name_ + " line " + std::to_string(line_number(offset)); }

std::int64_t Cells::line(std::int64_t row) const {
  return line_number(table_->start(static_cast<std::size_t>(row + (has_header_ ? 1 : 0))));
}

bool Cells::has_line_for_each_row() const { return line(rows_ - 1) - line(0) == rows_ - 1; }

std::string Cells::place(std::int64_t row) const { return name_ + " line " + std::to_string(line(row)); }

}  // namespace tend
