#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tend {

/// How the numbers of a column are written: "1,163.74", "1.163,74", "$ 5.20", "12 kg", "35 %", "(200)" for -200.
/// The unit is not applied: "35 %" is read as 35.
struct NumberStyle {
  char decimal = '.';
  std::string thousands = {};           ///< ",", ".", "'", " ", or empty: digits are not grouped
  std::string before = {}, after = {};  ///< a currency before the number, a unit after it
  bool operator==(const NumberStyle&) const = default;
  bool is_plain() const { return *this == NumberStyle{}; }

  /// Reads a stripped cell. Plain numbers are read too, unless the unit is "%". Returns false for other text, also for groups
  /// that have not three digits (two are allowed before the last three: 12,34,567).
  bool read(std::string_view cell, double& out) const;
};

/// What a scan of cells says about a column's style.
class StyleFinder {
 public:
  /// `decimal` and `thousands`: the marks that the settings give ("": to be found); `is_comma_delimited`: the cells of a row are
  /// separated by commas.
  StyleFinder(char decimal, std::string thousands, bool is_comma_delimited)
      : decimal_(decimal), thousands_(std::move(thousands)), is_comma_delimited_(is_comma_delimited) {}
  /// Takes a stripped cell that is not missing. Returns whether it can be a number at all.
  bool see(std::string_view cell);
  /// Returns the style that most cells have. It is plain where the cells are ambiguous, as when all have one comma before exactly
  /// three digits in a file that is not delimited by commas.
  NumberStyle found() const;
  /// The mark, ',' or '.', that most cells have before exactly three digits, if nothing says what it means; otherwise 0.
  char ambiguous_mark() const;

 private:
  struct Unit {
    std::string before, after;
    std::int64_t count = 0;
  };
  void vote(std::string_view digits);

  char decimal_;
  std::string thousands_;
  bool is_comma_delimited_;
  std::int64_t numbers_ = 0, whole_ = 0;
  std::int64_t decimal_points_ = 0, decimal_commas_ = 0, grouping_points_ = 0, grouping_commas_ = 0, grouping_blanks_ = 0,
               grouping_quotes_ = 0, ambiguous_commas_ = 0, ambiguous_points_ = 0;
  std::vector<Unit> units_;
};

/// What stands before and after the digits of a number: "$" and "", "" and "kg"; and the mark, '.' or ',', that is a decimal one
/// (0: none, or one that may group digits). Nothing if the cell is no number.
struct NumberUnit {
  std::string before, after;
  char mark = 0;
};
std::optional<NumberUnit> unit_of_number(std::string_view cell);

/// Is the cell a word that people write where a number is missing: n/a, #N/A, -, --, ., none, nil, #DIV/0!, \N ...? Such words
/// mean "missing" only in columns of numbers; in others they may be values.
bool is_missing_number_word(std::string_view cell);

}  // namespace tend
