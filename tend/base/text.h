#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tend {

/// Returns "a, b, c". If there are more than `most` words, returns the first `most` and the total: "a, b ... (30 in all)".
std::string listed(const std::vector<std::string>& words, std::string_view between = ", ", std::size_t most = 50);

/// Formats with at most four significant digits: "0.3333", "1.2e+04".
std::string short_number(double v);

}  // namespace tend
