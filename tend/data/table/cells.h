#pragma once
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "tend/data/settings.h"

namespace tend {

/// The cells of a text table, all rows of one length. Views into the text, which is kept.
class Cells {
 public:
  /// RFC 4180: quotes, "" inside them, newlines inside them; LF, CRLF, CR, mixed; blanks after a delimiter are skipped; empty
  /// lines too; a byte order mark is ignored. Throws Error{data} naming the line: text that is not UTF-8, NUL bytes, an unclosed
  /// quote, ragged rows, no rows at all; names that come twice.
  Cells(std::string text, const DataSettings& settings, std::string name);
  Cells(const Cells&) = delete;
  Cells& operator=(const Cells&) = delete;

  const std::vector<std::string>& names() const { return names_; }  ///< of the columns: from the header, else "0", "1", ...
  bool has_header() const { return has_header_; }
  std::int64_t rows() const { return rows_; }
  std::int64_t columns() const { return static_cast<std::int64_t>(names_.size()); }
  std::string_view at(std::int64_t row, std::int64_t column) const {
    return cells_[static_cast<std::size_t>((row + (has_header_ ? 1 : 0)) * columns() + column)];
  }
  std::string place(std::int64_t row) const;  ///< "adult.csv line 17"
  const std::string& name() const { return name_; }

 private:
  void check_text(const DataSettings& settings);
  void split(char delimiter);
  const char* quoted(const char* at, const char* end, char delimiter, std::string_view& cell);
  void end_row(std::size_t first_cell, std::size_t start);
  void name_columns(const DataSettings& settings);
  std::string line_of(std::size_t offset) const;

  std::string text_, name_;
  std::deque<std::string> unquoted_;  // cells that do not stand in the text as they are
  std::vector<std::string_view> cells_;
  std::vector<std::size_t> starts_;  // of each row in the text
  std::vector<std::string> names_;
  std::size_t width_ = 0;
  std::int64_t rows_ = 0;
  bool has_header_ = false;
};

/// The delimiter of the settings; else a tab for .tsv, else the one of , ; tab that is most frequent in the first line.
char delimiter_of(std::string_view text, const DataSettings& settings, const std::string& name);

/// Without the blanks on either side.
std::string_view stripped(std::string_view cell);
/// Empty, ?, na, nan, null in any case, or one of `further`. Requires a stripped cell.
bool is_missing(std::string_view cell, const std::vector<std::string>& further);
/// What Python's float() reads, or false. Requires a stripped cell.
bool read_number(std::string_view cell, double& out, char decimal = '.');

}  // namespace tend
