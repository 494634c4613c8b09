#pragma once
#include <algorithm>
#include <cstdint>

namespace tend {

inline double doubled(std::int64_t n) { return static_cast<double>(n); }

/// `total` units cut into `count` nearly equal runs: run i is [cut(i), cut(i + 1)). It depends only on the shape.
struct Cut {
  std::int64_t total = 0;
  int count = 1;
  std::int64_t operator()(std::int64_t i) const { return total * i / count; }
};

/// The number of blocks of a pass over `total` units of `size` elements: about `block_elements` each, one block for small passes.
/// A block takes 5 to 20 microseconds, much longer than dispatching it.
inline Cut cut_pass(std::int64_t total, std::int64_t size, std::int64_t block_elements = 32768) {
  const std::int64_t n = total * size / block_elements;
  return {total, static_cast<int>(std::clamp<std::int64_t>(n, 1, std::min<std::int64_t>(std::max<std::int64_t>(total, 1), 128)))};
}

}  // namespace tend
