// What the first lines of a table are, and rows that are none: titles, headers, totals.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <unordered_set>

#include "tend/base/executor.h"
#include "tend/base/text.h"
#include "tend/data/table/cells.h"
#include "tend/data/table/words.h"

namespace tend {
namespace {

bool is_same_letter(char a, char b) {
  const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return small(a) == small(b);
}

}  // namespace

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

/// Does the row have the names of the columns once more, perhaps in another case? Single letters of another case are values.
bool Cells::repeats_header(std::size_t row) const {
  bool is_same = true, has_word = false;
  for (std::size_t c = 0; c < table_->width(); ++c) {
    const std::string_view cell = stripped(table_->cell(row, c)), name = stripped(table_->cell(0, c));
    if (cell.size() != name.size() || !std::equal(cell.begin(), cell.end(), name.begin(), is_same_letter)) return false;
    is_same &= cell == name;
    has_word |= name.size() > 1;
  }
  return is_same || has_word;
}

/// Are the `count` rows after the header words above columns of numbers? In at least two columns the next rows must be numbers,
/// and no cell of the rows themselves may be one.
bool Cells::are_further_headers(std::int64_t count, char decimal) const {
  constexpr std::int64_t looked_at = 11, enough = 6;
  if (rows_ < count + looked_at) return false;
  const MissingWords missing({});
  double v = 0;
  int above_numbers = 0;
  for (std::int64_t c = 0; c < columns(); ++c) {
    bool are_words = true;
    for (std::int64_t r = 0; r < count; ++r) {
      const std::string_view cell = stripped(at(r, c));
      if (read_number(cell, v, decimal)) return false;
      are_words &= !missing.contains(cell) && !is_missing_number_word(cell);
    }
    std::int64_t numbers = 0, others = 0;
    for (std::int64_t r = count; r < count + looked_at; ++r) {
      const std::string_view cell = stripped(at(r, c));
      if (!missing.contains(cell)) ++(read_number(cell, v, decimal) ? numbers : others);
    }
    above_numbers += are_words && numbers >= enough && others == 0;
  }
  return above_numbers >= 2;
}

/// The number of rows after the header that belong to it: units, types, the questions of a survey. Qualtrics writes a row of
/// {"ImportId":"QID1"} after those of the questions.
std::int64_t Cells::further_headers(char decimal) const {
  constexpr std::int64_t most = 3;
  for (std::int64_t r = 0; r < std::min(most, rows_ - 1); ++r) {
    std::int64_t keys = 0;
    for (std::int64_t c = 0; c < columns(); ++c) keys += stripped(at(r, c)).starts_with("{\"ImportId\":");
    if (2 * keys > columns()) return r + 1;
  }
  for (const std::int64_t count : {2, 1})
    if (are_further_headers(count, decimal)) return count;
  return 0;
}

void Cells::leave_out_headers(char decimal) {
  std::vector<std::size_t> headers;
  if (const std::int64_t further = further_headers(decimal); further > 0) {
    notes_.push_back(
        {.text = place(0) + (further == 1 ? " names no values but units or types in columns of numbers: it is left out"
                                          : " and the next " + counted(further - 1, "row") +
                                                " have no values but belong to the header: they are left out"),
         .of = rows_});
    for (std::int64_t r = 1; r <= further; ++r) headers.push_back(static_cast<std::size_t>(r));
  }
  constexpr std::size_t rows_of_block = 1 << 16;
  const auto blocks = static_cast<std::int64_t>((table_->rows() + rows_of_block - 1) / rows_of_block);
  std::vector<std::vector<std::size_t>> found(static_cast<std::size_t>(blocks));
  const auto pool = make_pool(blocks > 4 ? std::min(usual_threads(), 8) : 1);
  run_blocks(*pool, blocks, [&](std::int64_t block) {
    const auto i = static_cast<std::size_t>(block);
    const std::string_view first_name = stripped(table_->cell(0, 0));
    const std::size_t end = std::min((i + 1) * rows_of_block, table_->rows());
    for (std::size_t row = std::max<std::size_t>(1, i * rows_of_block); row < end; ++row)
      if (table_->cell(row, 0).size() >= first_name.size() && repeats_header(row)) found[i].push_back(row);
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

/// Is the first line 0, 1, 2 ..., as a table of pandas has without names, and no other line? An index may stand before it.
bool Cells::is_numbered_header() const {
  constexpr std::size_t fewest_columns = 3;
  const std::string_view corner = stripped(table_->cell(0, 0));
  const std::size_t from = corner.empty() || corner == "Unnamed: 0" ? 1 : 0;
  const auto counts = [&](std::size_t row) {
    for (std::size_t c = from; c < table_->width(); ++c)
      if (stripped(table_->cell(row, c)) != std::to_string(c - from)) return false;
    return true;
  };
  if (table_->width() < from + fewest_columns || table_->rows() < 2 || !counts(0)) return false;
  for (std::size_t row = 1; row < table_->rows(); ++row)
    if (counts(row)) return false;
  return true;
}

void Cells::name_columns(const DataSettings& settings) {
  const char decimal = settings.decimal[0];
  if (settings.header.is_null()) {
    double v = 0;
    has_header_ = true;
    for (std::size_t c = 0; c < table_->width() && has_header_; ++c)
      has_header_ = !(read_number(stripped(table_->cell(0, c)), v, decimal) && std::isfinite(v));
    if (!has_header_ && is_numbered_header()) {
      has_header_ = true;
      notes_.push_back(
          {.text = line_of(table_->start(0)) +
                   " numbers the columns, 0, 1, 2 ..., and is read as their names; --set data.header=false reads it as a row"});
    }
  } else {
    if (!settings.header.is_bool()) throw Error(Trouble::usage, "data.header", settings.header.describe(), "true or false");
    has_header_ = settings.header.boolean();
  }
  std::unordered_set<std::string> seen;
  std::unordered_set<std::string_view> given;
  for (std::size_t i = 0; i < table_->width() && has_header_; ++i) given.insert(stripped(table_->cell(0, i)));
  for (std::size_t i = 0; i < table_->width(); ++i) {
    std::string name = has_header_ ? std::string(stripped(table_->cell(0, i))) : std::string();
    if (name.empty()) name = (given.contains(std::to_string(i)) ? "Unnamed: " : "") + std::to_string(i);
    if (!seen.insert(name).second)
      throw Error(Trouble::data, line_of(table_->start(0)), "the column name \"" + name + "\" twice",
                  "a name for each column that no other has",
                  "rename one of them, or --set data.header=false if the first line holds data");
    names_.push_back(std::move(name));
  }
}

}  // namespace tend
