#include "tend/data/table/cells.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include <fast_float/fast_float.h>

#include "tend/base/executor.h"
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

namespace {

/// A line without the content of its quoted cells, which may hold delimiters; the line itself if a quote stays open.
std::string without_quoted(std::string_view line) {
  std::string rest;
  bool is_inside = false, is_start = true;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (is_inside) {
      if (line[i] == '"' && i + 1 < line.size() && line[i + 1] == '"') ++i;  // a quote of the content
      else is_inside = line[i] != '"';
    } else if (line[i] == '"' && is_start) {
      is_inside = true, is_start = false;
    } else {
      rest += line[i];
      is_start = line[i] == ',' || line[i] == ';' || line[i] == '\t' || line[i] == '|' || (is_start && line[i] == ' ');
    }
  }
  return is_inside ? std::string(line) : rest;
}

}  // namespace

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
  const std::string line = without_quoted(text.substr(0, text.find_first_of("\r\n")));
  char best = settings.decimal == "," ? ';' : ',';
  std::ptrdiff_t most = std::count(line.begin(), line.end(), best);
  for (const char c : {';', '\t', '|'})
    if (const auto n = std::count(line.begin(), line.end(), c); n > most) {
      most = n;
      best = c;
    }
  // Numbers with decimal commas may stand in quotes between commas. A comma between two digits is no delimiter.
  for (std::size_t i = 0; most == 0 && best == ';' && i < line.size(); ++i)
    if (line[i] == ',' && !(i > 0 && i + 1 < line.size() && is_digit(line[i - 1]) && is_digit(line[i + 1]))) return ',';
  return best;
}

Cells::Cells(FileText text, const DataSettings& settings, std::string name, std::int64_t lines_before)
    : text_(std::move(text)), name_(std::move(name)), lines_before_(lines_before) {
  check_text(settings);
  const char said = take_separator_line();
  delimiter_ = said && settings.delimiter.empty() ? said : delimiter_of(text_.view(), settings, name_);
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

/// Removes a first line "sep=;", by which spreadsheets say what separates the cells. Returns the character; 0 without such a
/// line.
char Cells::take_separator_line() {
  const std::string_view line = text_.view().substr(0, text_.view().find_first_of("\r\n"));
  if (line.size() != 5 || lower_case(line.substr(0, 4)) != "sep=" || line.size() == text_.size()) return 0;
  const char separator = line[4];
  if (separator == '"' || is_digit(separator)) return 0;
  text_.drop_front(text_.view().substr(5).starts_with("\r\n") ? 7 : 6);
  --lines_before_;
  return separator;
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
