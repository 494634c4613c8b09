#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tend/data/disk/file_text.h"
#include "tend/data/settings.h"
#include "tend/data/table/row_places.h"

namespace tend {

/// The cells of a text table; all rows have the same length. Cells are views of the text, which is kept (row_places.h). Rows that
/// repeat the header, further headers (a row of units), titles above the header, and a first line "sep=;" are left out.
class Cells {
 public:
  /// Follows RFC 4180: quotes, "" inside them, newlines inside them; LF, CRLF, CR, mixed. Blanks after a delimiter, empty lines
  /// and a byte order mark are skipped. Throws Error{data} that names the line: text that is not UTF-8, NUL bytes, an unclosed
  /// quote, ragged rows, no rows, duplicate names.
  /// `lines_before`: lines at the start of the text that the file does not have.
  Cells(FileText text, const DataSettings& settings, std::string name, std::int64_t lines_before = 0);
  Cells(const Cells&) = delete;
  Cells& operator=(const Cells&) = delete;

  const std::vector<std::string>& names() const { return names_; }  ///< column names: from the header, or "0", "1", ...
  bool has_header() const { return has_header_; }
  std::int64_t rows() const { return rows_; }
  std::int64_t columns() const { return static_cast<std::int64_t>(names_.size()); }
  std::string_view at(std::int64_t row, std::int64_t column) const {
    return table_->cell(static_cast<std::size_t>(row + (has_header_ ? 1 : 0)), static_cast<std::size_t>(column));
  }
  std::string place(std::int64_t row) const;  ///< "adult.csv line 17"
  std::int64_t line(std::int64_t row) const;  ///< from 1, in the file
  bool has_line_for_each_row() const;         ///< the rows are consecutive lines
  char delimiter() const { return delimiter_; }
  const std::string& name() const { return name_; }
  const DataNotes& notes() const { return notes_; }  ///< rows that are left out

 private:
  void check_text(const DataSettings& settings);
  char take_separator_line();
  [[noreturn]] void refuse(const RowPlaces::Trouble& trouble) const;
  void name_columns(const DataSettings& settings);
  void leave_out_title();
  void point_out_total();
  void leave_out_headers(char decimal);
  bool repeats_header(std::size_t row) const;
  bool are_further_headers(std::int64_t count, char decimal) const;
  std::int64_t further_headers(char decimal) const;
  bool is_numbered_header() const;
  std::int64_t line_number(std::size_t offset) const;
  std::string line_of(std::size_t offset) const;

  FileText text_;
  std::string name_;
  std::optional<RowPlaces> table_;  // with the header
  std::vector<std::string> names_;
  std::int64_t rows_ = 0, lines_before_ = 0;
  bool has_header_ = false;
  char delimiter_ = ',';
  DataNotes notes_;
};

/// Returns the delimiter of the settings, otherwise a tab for .tsv, otherwise the most frequent of , ; tab | in the first line.
char delimiter_of(std::string_view text, const DataSettings& settings, const std::string& name);

/// Removes the blanks on either side.
std::string_view stripped_of_blanks(std::string_view cell);
inline std::string_view stripped(std::string_view cell) {
  const auto is_visible = [](char c) { return c > ' ' && c <= '~'; };
  return !cell.empty() && is_visible(cell.front()) && is_visible(cell.back()) ? cell : stripped_of_blanks(cell);
}
/// The words that mean a missing value in any column: the empty string, ?, na, nan, null in any case; and those of data.missing.
class MissingWords {
 public:
  /// "word" and "+word" add a word, "-word" removes one (a word of hyphens is added).
  explicit MissingWords(const std::vector<std::string>& settings);
  /// Requires a stripped cell.
  bool contains(std::string_view cell) const { return (cell.size() <= 4 || !added_.empty()) && is_one_of_them(cell); }
  bool is_usual() const { return added_.empty() && removed_.empty(); }
  bool removes(std::string_view cell) const;

 private:
  bool is_one_of_them(std::string_view cell) const;
  std::vector<std::string> added_, removed_;
};
/// Parses as Python's float() does; returns false if it cannot. Requires a stripped cell.
bool read_number(std::string_view cell, double& out, char decimal = '.');

}  // namespace tend
