#pragma once
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "tend/base/value.h"

namespace tend {

/// The text at a key of a table; "" if there is none.
std::string text_at(const Value& v, const char* key);
double number_at(const Value& v, const char* key);             ///< NaN if there is none
const Value::Array& list_at(const Value& v, const char* key);  ///< empty if there is none

/// Three significant digits: "0.0255", "1.2e-07"; "nan", "inf".
std::string figure(double v);
/// "1.2 s", "12 s", "5 min", "3 h", "2 days"; "" if it is not finite.
std::string duration_text(double seconds);
/// The seconds of "90", "90s", "10m", "2h". Throws Error{usage} that names `where`.
double seconds_of(const std::string& text, const std::string& where);
/// A part of a whole: "24 %"; "0.4 %" below one percent.
std::string share_text(double share);
/// What a temperature of the probabilities did to the calibration error of the validation rows, NaN if there is none.
struct CalibrationFigures {
  double temperature = 1, error_before = 0, error = 0;
};
std::string calibration_text(const CalibrationFigures& c);
/// The number of characters of UTF-8 text.
std::size_t width_of(const std::string& text);
/// The text in lines of at most `width` characters, broken between words, with `indent` blanks before each line but the first,
/// which begins in that column already. Words longer than a line stay whole.
std::string in_lines(const std::string& text, std::size_t indent, std::size_t width);
/// The same for the width of a terminal; where `out` is none, the text as it is.
std::string wrapped(const std::string& text, std::size_t indent, std::FILE* out);
/// The text if it has at most `most` characters, otherwise its start and "...".
std::string cut(const std::string& text, std::size_t most);
/// Can the terminal show block characters: UTF-8 by LC_ALL, LC_CTYPE or LANG, and TERM is not "dumb"?
bool shows_blocks();
/// One character for each count, as high as the count: " .:-=+*%#" or blocks. Counts above 0 are never blank. `highest`: the
/// count of a full character; 0: the highest of `counts`.
std::string bars(const std::vector<std::int64_t>& counts, bool with_blocks, std::int64_t highest = 0);
/// The lines of a table from rows of cells: each column is as wide as its widest cell, with two blanks between columns. `right`:
/// the columns that are aligned to the right. Cells longer than `most` end in "...".
std::vector<std::string> aligned(std::vector<std::vector<std::string>> rows, const std::vector<bool>& right = {},
                                 std::size_t most = 200);

}  // namespace tend
