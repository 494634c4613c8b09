#pragma once
#include <string>
#include <vector>

namespace tend {

/// Three significant digits: "0.0255", "1.2e-07"; "nan", "inf".
std::string figure(double v);
/// "1.2 s", "12 s", "5 min", "3 h", "2 days"; "" if it is not finite.
std::string duration_text(double seconds);
/// The lines of a table from rows of cells: each column is as wide as its widest cell, with two blanks between columns. `right`:
/// the columns that are aligned to the right. Cells longer than `most` end in "...".
std::vector<std::string> aligned(std::vector<std::vector<std::string>> rows, const std::vector<bool>& right = {},
                                 std::size_t most = 200);

}  // namespace tend
