#pragma once
#include <cstdint>
#include <functional>
#include <string_view>

#include "tend/tensor/big_memory.h"

namespace tend {

/// The number of line ends in a text: LF, CR, or CR and LF.
std::size_t count_lines(const char* from, const char* end);

/// Where the rows and cells of a text table are. It takes 8 bytes a row and 4 bytes a cell: a table of numbers is not larger than
/// its text.
class RowPlaces {
 public:
  /// A row that has another number of cells than the first, or a quote without an end, at a byte of the text.
  struct Trouble {
    enum Kind { none, ragged, open_quote, long_line } kind = none;
    std::size_t at = 0, cells = 0;
  };

  /// Finds the rows. Empty lines, and lines of blanks in tables of several columns, are no rows. A quoted cell is marked in the
  /// text: NUL bytes replace its quotes, and its content is moved together where it has quotes inside. Requires a text without
  /// NUL bytes, which must outlive this object. Uses several threads if the text is large and has no quotes.
  RowPlaces(char* text, std::size_t size, char delimiter);

  const Trouble& trouble() const { return trouble_; }  ///< the first one; then the rows are not complete
  std::size_t rows() const { return rows_; }
  std::size_t width() const { return width_; }
  std::size_t start(std::size_t row) const { return starts_[row]; }
  /// The cell without blanks before it and without its quotes.
  std::string_view cell(std::size_t row, std::size_t column) const {
    const std::uint32_t* place = places_ + row * (width_ + 1) + column;
    const char* from = text_ + starts_[row] + place[0];
    const char* end = text_ + starts_[row] + place[1] - 1;
    return content(from, end);
  }
  /// Removes the rows for which the function returns true.
  void remove_if(const std::function<bool(std::size_t)>& is_removed);

 private:
  struct Range;
  std::string_view content(const char* from, const char* end) const {
    while (from < end && *from == ' ' && delimiter_ != ' ') ++from;
    return from < end && *from == '\0' ? marked(from, end) : std::string_view(from, static_cast<std::size_t>(end - from));
  }
  static std::string_view marked(const char* from, const char* end);
  const char* split_row(const char* at, const char* end, std::uint32_t* places, std::size_t& cells, Trouble& trouble) const;
  void split(Range& range);
  void reserve(std::size_t rows);
  void split_all();
  bool split_on_threads(int threads);
  void keep(const Range& range);

  char* text_ = nullptr;
  std::size_t size_ = 0;
  char delimiter_ = ',';
  std::size_t width_ = 0, rows_ = 0;
  BigMemory starts_memory_, places_memory_;
  std::size_t* starts_ = nullptr;
  std::uint32_t* places_ = nullptr;  // of each row: the starts of its cells, and the place after its end
  Trouble trouble_;
};

}  // namespace tend
