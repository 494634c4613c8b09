#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tend {

/// Returns "a, b, c". If there are more than `most` words, returns the first `most` and the total: "a, b ... (30 in all)".
std::string listed(const std::vector<std::string>& words, std::string_view between = ", ", std::size_t most = 50);

/// A number of things in a message: "1 row", "240 rows".
std::string counted(std::int64_t n, std::string_view noun);

/// 0 .. 9, whatever the locale.
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// Replaces A .. Z; other bytes stay.
std::string lower_case(std::string_view text);

/// Returns the text if it has at most `most` bytes, otherwise its start (whole characters of UTF-8) and " ... (N bytes)".
std::string shortened(std::string_view text, std::size_t most);
/// Returns the start of at most `most` bytes, without the first part of a character of UTF-8.
std::string_view start_of(std::string_view text, std::size_t most);

/// Formats with at most four significant digits: "0.3333", "1.2e+04".
std::string short_number(double v);

}  // namespace tend
