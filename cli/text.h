#pragma once
#include <string>
#include <vector>

namespace tend {

/// Three significant digits: "0.0255", "1.2e-07"; "nan", "inf".
std::string figure(double v);
/// Rows of cells as lines of a table: columns as wide as their widest cell, two blanks between them. `right`: the columns that
/// are set to the right. Cells that are longer than `most` end in "...".
std::vector<std::string> aligned(std::vector<std::vector<std::string>> rows, const std::vector<bool>& right = {},
                                 std::size_t most = 200);

}  // namespace tend
