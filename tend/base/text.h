#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tend {

/// "a, b, c"; of more than `most` words the first `most` and how many there are: "a, b ... (30 in all)".
std::string listed(const std::vector<std::string>& words, std::string_view between = ", ", std::size_t most = 50);

/// At most four significant digits: "0.3333", "1.2e+04".
std::string short_number(double v);

}  // namespace tend
