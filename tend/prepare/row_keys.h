#pragma once
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

namespace tend {

/// A number for the values of each row of a table: equal rows have equal ones, and others hardly ever (64 bits). Missing values
/// are equal to each other. `uses`, by column: whether it counts; empty: all do.
inline std::vector<std::int64_t> row_keys(const double* x, std::int64_t rows, std::int64_t columns,
                                          const std::vector<bool>& uses = {}) {
  std::vector<std::int64_t> keys(static_cast<std::size_t>(rows));
  for (std::int64_t& key : keys) {
    std::uint64_t h = 0;
    for (std::int64_t c = 0; c < columns; ++c) {
      const double v = *x++;
      if (!uses.empty() && !uses[static_cast<std::size_t>(c)]) continue;
      h = (h ^ (std::isnan(v) ? ~std::uint64_t{0} : std::bit_cast<std::uint64_t>(v + 0.0))) + 0x9e3779b97f4a7c15u;
      h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;  // SplitMix64 (Steele, Lea, Flood, 2014)
      h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
      h ^= h >> 31;
    }
    key = static_cast<std::int64_t>(h);
  }
  return keys;
}

}  // namespace tend
