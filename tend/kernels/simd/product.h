#pragma once
#include <cstdint>

#include "tend/kernels/functions.h"

namespace tend {

/// One block of a matrix product: c [m,n] (+)= a [m,k] b [k,n] + bias [n], with the whole reduction in one block. Each element of
/// c is one chain of fma in the order of k (except with dots), whatever the tiles, so blocks can be cut anywhere without changing
/// a bit.
struct ProductBlock {
  const float* a = nullptr;  ///< element (i, p) at a[i a_row + p a_step]; packed: see pack_rows
  std::int64_t a_row = 0, a_step = 0;
  const float* b = nullptr;  ///< element (p, j) at b[p b_step + j b_column]; b_column is 1 unless pack_b or dots
  std::int64_t b_step = 0, b_column = 1;
  float* c = nullptr;
  std::int64_t c_row = 0;
  std::int64_t m = 0, n = 0, k = 0;
  bool a_packed = false, pack_b = false;
  bool dots = false;  ///< for few rows, a_step = b_step = 1: a dot product for each element, without copies and chains
  bool accumulate = false;
  const float* bias = nullptr;
  /// Applied to each strip of finished rows. z and y have the layout of c.
  PointwiseFunctions after;
  bool after_backward = false;
  const float* z = nullptr;
  float* y = nullptr;
  float* scratch = nullptr;  ///< at least scratch_floats(n, k) floats, 64-byte aligned
};

struct ProductTable {
  int strip;         ///< largest number of rows of a tile
  int strip_stride;  ///< floats from one step of the reduction to the next in a packed strip
  int panel;         ///< columns of a tile
  void (*product)(const ProductBlock& block);
  /// Packs strips [first, last) of a [m,k] into packed [strips][k][strip_stride]; strips are cut by strip_cut(m, s).
  void (*pack_rows)(const float* a, std::int64_t a_row, std::int64_t a_step, std::int64_t m, std::int64_t k, std::int64_t first,
                    std::int64_t last, float* packed);
  /// sums [n] (+)= the sum over m rows of x [m, row].
  void (*column_sums)(const float* x, std::int64_t row, std::int64_t m, std::int64_t n, float* sums, bool accumulate);
};
const ProductTable& product_table(Isa isa);

inline constexpr std::int64_t round_up(std::int64_t n, std::int64_t to) { return (n + to - 1) / to * to; }
/// The reduction steps of one pass over n packed columns: as much of b as fits in the second-level cache together with the rest.
inline constexpr std::int64_t packed_floats = 131072, widest_panel = 32;
inline constexpr std::int64_t product_depth(std::int64_t n) {
  const std::int64_t depth = packed_floats / round_up(n, widest_panel);
  return depth > 256 ? depth : 256;
}
/// Returns the scratch floats of a product with pack_b whose blocks have at most n columns.
inline constexpr std::int64_t scratch_floats(std::int64_t n, std::int64_t k) {
  const std::int64_t columns = round_up(n, widest_panel);
  if (k <= product_depth(n)) return columns * k;
  return columns * 256 > packed_floats ? columns * 256 : packed_floats;
}
/// Rows [strip_cut(s), strip_cut(s + 1)) form strip s of `strips` strips of nearly equal height.
inline constexpr std::int64_t strip_cut(std::int64_t m, std::int64_t strips, std::int64_t s) { return m * s / strips; }
inline constexpr std::int64_t strips_of(std::int64_t m, int strip) { return (m + strip - 1) / strip; }

}  // namespace tend
