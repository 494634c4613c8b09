#include "tend/kernels/simd/product.h"
#include "tend/kernels/simd/vec.h"

// A tile of M x V registers holds its part of c during the whole reduction. Each step takes V loads of b, M broadcasts of a, M V
// fmas. avx512: 14 x 2 of 32 registers (or 6 x 4 for few rows), avx2: 6 x 2 of 16, portable: 3 x 4 of 16.
namespace tend::TEND_ISA {
namespace {

constexpr std::int64_t width = vec::width;
#if defined(TEND_ISA_avx512)
constexpr int tall = 14, flat = 6, tall_wide = 2, flat_wide = 4, packed_stride = 16;
#elif defined(TEND_ISA_avx2)
constexpr int tall = 6, flat = 3, tall_wide = 2, flat_wide = 4, packed_stride = 8;
#else
constexpr int tall = 6, flat = 3, tall_wide = 2, flat_wide = 4, packed_stride = 8;
#endif
constexpr std::int64_t panel = tall_wide * width;

struct Tile {
  const float* a;
  std::int64_t a_row, a_step;
  const float* b;
  std::int64_t b_step;
  float* c;
  std::int64_t c_row, k;
  int last;  ///< columns of the last register
  bool add;
  const float* bias;
  const float* prefetch;  ///< the address of the next tile of c, if prefetching it is worthwhile
};

template <int M, int V, bool Whole>
void tile(const Tile& t) {
  const part last(Whole ? 1 : t.last);
  vec acc[M][V];
#pragma GCC unroll 16
  for (int i = 0; i < M; ++i)
#pragma GCC unroll 4
    for (int j = 0; j < V; ++j) {
      const float* c = t.c + i * t.c_row + j * width;
      acc[i][j] = !t.add ? zero() : Whole || j < V - 1 ? load(c) : load(c, last);
    }
  if (t.prefetch) {
    const char* c = reinterpret_cast<const char*>(t.prefetch);
    for (int i = 0; i < M; ++i, c += 4 * t.c_row)
      for (int j = 0; j < V * width * 4; j += 64) __builtin_prefetch(c + j, 1);
  }
  // Three pointers reach 14 rows with the addressing modes; more pointers would not stay in registers.
  const std::int64_t row = t.a_row, row3 = 3 * row, step = t.a_step, b_step = t.b_step;
  const float *a0 = t.a, *a5 = t.a + 5 * row, *a10 = t.a + 10 * row, *b = t.b;
  asm("" : "+r"(a5), "+r"(a10));
  for (std::int64_t p = t.k; p > 0; --p) {
    vec x[V];
#pragma GCC unroll 4
    for (int j = 0; j < V; ++j) x[j] = Whole || j < V - 1 ? load(b + j * width) : load(b + j * width, last);
#pragma GCC unroll 16
    for (int i = 0; i < M; ++i) {
      const float* base = i < 5 ? a0 : i < 10 ? a5 : a10;
      const int r = i % 5;
      const vec y = broadcast(r == 3 ? base + row3 : base + r * row);
#pragma GCC unroll 4
      for (int j = 0; j < V; ++j) acc[i][j] = fma(y, x[j], acc[i][j]);
    }
    a0 += step;
    a5 += step;
    a10 += step;
    b += b_step;
  }
#pragma GCC unroll 16
  for (int i = 0; i < M; ++i)
#pragma GCC unroll 4
    for (int j = 0; j < V; ++j) {
      float* c = t.c + i * t.c_row + j * width;
      const bool whole = Whole || j < V - 1;
      if (t.bias) acc[i][j] = acc[i][j] + (whole ? load(t.bias + j * width) : load(t.bias + j * width, last));
      whole ? store(c, acc[i][j]) : store(c, acc[i][j], last);
    }
}

using TileFunction = void (*)(const Tile&);
template <int V, int... M>
struct Row {
  static constexpr TileFunction whole[] = {tile<M, V, true>...}, cut[] = {tile<M, V, false>...};
};
#if defined(TEND_ISA_avx512)
template <int V>
using Tall = Row<V, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14>;
template <int V>
using Flat = Row<V, 1, 2, 3, 4, 5, 6>;
#else
template <int V>
using Tall = Row<V, 1, 2, 3, 4, 5, 6>;
template <int V>
using Flat = Row<V, 1, 2, 3>;
#endif

/// Computes all columns of one strip of rows, with registers in groups of `wide`.
void strip(Tile t, int rows, std::int64_t n, const float* b, std::int64_t b_step, std::int64_t panel_stride, float* c,
           const float* bias, const float* next) {
  for (std::int64_t j = 0; j < n;) {
    const std::int64_t left = n - j;
    const int wide = rows <= flat && panel_stride == 0 ? flat_wide : tall_wide;
    const int registers = left >= wide * width ? wide : static_cast<int>((left + width - 1) / width);
    const bool whole = left >= registers * width;
    t.b = panel_stride ? b + j / panel * panel_stride : b + j;
    t.b_step = b_step;
    t.c = c + j;
    t.bias = bias ? bias + j : nullptr;
    t.last = static_cast<int>(left - (registers - 1) * width);
    t.prefetch = t.k < 64 ? nullptr : left > registers * width ? t.c + registers * width : next;
    const int r = rows - 1;
    switch (registers) {
      case 1: (whole ? Tall<1>::whole : Tall<1>::cut)[r](t); break;
      case 2: (whole ? Tall<2>::whole : Tall<2>::cut)[r](t); break;
      case 3: (whole ? Flat<3>::whole : Flat<3>::cut)[r](t); break;
      default: (whole ? Flat<4>::whole : Flat<4>::cut)[r](t); break;
    }
    j += registers * width;
  }
}

/// Packs x [count <= width, k] at x[i row + p] into packed[p stride + i]; the rest of the width is filled with zeros.
void turn(const float* x, std::int64_t row, std::int64_t count, std::int64_t k, float* packed, std::int64_t stride) {
  for (std::int64_t p = 0; p < k; p += width) {
    const std::int64_t steps = k - p < width ? k - p : width;
    vec r[width];
    const part some(static_cast<int>(steps));
    for (std::int64_t i = 0; i < width; ++i)
      r[i] = i >= count ? zero() : steps == width ? load(x + i * row + p) : load(x + i * row + p, some);
    transpose(r);
    for (std::int64_t i = 0; i < steps; ++i) store(packed + (p + i) * stride, r[i]);
  }
}

/// Packs x [k, count <= width] at x[p step + i] likewise.
void copy(const float* x, std::int64_t step, std::int64_t count, std::int64_t k, float* packed, std::int64_t stride) {
  if (count == width) {
    for (std::int64_t p = 0; p < k; ++p) store(packed + p * stride, load(x + p * step));
    return;
  }
  const part some(static_cast<int>(count));
  for (std::int64_t p = 0; p < k; ++p) store(packed + p * stride, load(x + p * step, some));
}

/// Packs either form, for rows or columns in groups of `group` floats (a multiple of the width).
void pack(const float* x, std::int64_t along, std::int64_t step, std::int64_t count, std::int64_t k, float* packed,
          std::int64_t group) {
  for (std::int64_t j = 0; j < group; j += width) {
    const std::int64_t some = count - j < width ? count - j : width;
    if (some <= 0) {
      for (std::int64_t p = 0; p < k; ++p) store(packed + p * group + j, zero());
    } else if (step == 1) {
      turn(x + j * along, along, some, k, packed + j, group);
    } else {
      copy(x + j, step, some, k, packed + j, group);
    }
  }
}

/// Packs columns of b [k, n] into panels [n / panel][k][panel], one row after the other, so that memory is read in long runs.
void copy_panels(const float* b, std::int64_t step, std::int64_t n, std::int64_t k, float* packed) {
  const part some(static_cast<int>(n % width ? n % width : width));
  for (std::int64_t p = 0; p < k; ++p) {
    const float* from = b + p * step;
    for (std::int64_t j = 0; j < n; j += panel) {
      float* to = packed + j * k + p * panel;
#pragma GCC unroll 2
      for (std::int64_t v = 0; v < panel; v += width)
        store(to + v, j + v + width <= n ? load(from + j + v) : j + v < n ? load(from + j + v, some) : zero());
    }
  }
}

void pack_rows(const float* a, std::int64_t a_row, std::int64_t a_step, std::int64_t m, std::int64_t k, std::int64_t first,
               std::int64_t last, float* packed) {
  const std::int64_t strips = strips_of(m, tall);
  for (std::int64_t s = first; s < last; ++s) {
    const std::int64_t from = strip_cut(m, strips, s), rows = strip_cut(m, strips, s + 1) - from;
    pack(a + from * a_row, a_row, a_step, rows, k, packed + s * k * packed_stride, packed_stride);
  }
}

void finish(const ProductBlock& g, std::int64_t from, std::int64_t rows) {
  const bool joined = g.n == g.c_row;
  const std::int64_t spans = joined ? 1 : rows, count = joined ? rows * g.n : g.n;
  for (std::int64_t s = 0; s < spans; ++s) {
    const std::int64_t at = (from + s) * g.c_row;
    if (g.after_backward)
      g.after.backward(g.after.self, g.z ? g.z + at : nullptr, g.y ? g.y + at : nullptr, g.c + at, g.c + at, count);
    else g.after.forward(g.after.self, g.c + at, g.y + at, count);
  }
}

/// Computes `width` elements of a row of c at a time: that many dot products side by side, transposed to add up their lanes.
void dot_products(const ProductBlock& g) {
  const std::int64_t rest = g.k % width, whole = g.k - rest;
  const part some(static_cast<int>(rest ? rest : 1));
  for (std::int64_t i = 0; i < g.m; ++i)
    for (std::int64_t j = 0; j < g.n; j += width) {
      const int columns = static_cast<int>(g.n - j < width ? g.n - j : width);
      const float *a = g.a + i * g.a_row, *b[width];
      for (std::int64_t l = 0; l < width; ++l) b[l] = g.b + (j + (l < columns ? l : 0)) * g.b_column;
      vec acc[width];
#pragma GCC unroll 16
      for (int l = 0; l < width; ++l) acc[l] = zero();
      for (std::int64_t p = 0; p < whole; p += width) {
        const vec x = load(a + p);
#pragma GCC unroll 16
        for (int l = 0; l < width; ++l) acc[l] = fma(x, load(b[l] + p), acc[l]);
      }
      if (rest) {
        const vec x = load(a + whole, some);
#pragma GCC unroll 16
        for (int l = 0; l < width; ++l) acc[l] = fma(x, load(b[l] + whole, some), acc[l]);
      }
      transpose(acc);
#pragma GCC unroll 4
      for (int half = width / 2; half > 0; half /= 2)
#pragma GCC unroll 8
        for (int l = 0; l < half; ++l) acc[l] = acc[l] + acc[l + half];
      float* c = g.c + i * g.c_row + j;
      const part some_columns(columns);
      if (g.accumulate) acc[0] = acc[0] + load(c, some_columns);
      if (g.bias) acc[0] = acc[0] + load(g.bias + j, some_columns);
      store(c, acc[0], some_columns);
    }
  if (g.after.forward) finish(g, 0, g.m);
}

void product(const ProductBlock& g) {
  if (g.dots) return dot_products(g);
  const std::int64_t strips = strips_of(g.m, tall);
  const std::int64_t deepest = g.a_packed || g.pack_b ? product_depth(g.n) : g.k;
  for (std::int64_t p = 0; p < g.k || p == 0;) {
    const std::int64_t depth = g.k - p < deepest ? g.k - p : deepest;
    const bool ends = p + depth >= g.k;
    if (g.pack_b && g.b_step != 1) copy_panels(g.b + p * g.b_step, g.b_step, g.n, depth, g.scratch);
    else if (g.pack_b)
      for (std::int64_t j = 0; j < g.n; j += panel)
        pack(g.b + j * g.b_column + p * g.b_step, g.b_column, g.b_step, g.n - j < panel ? g.n - j : panel, depth,
             g.scratch + j * depth, panel);
    for (std::int64_t s = 0; s < strips; ++s) {
      const std::int64_t from = strip_cut(g.m, strips, s), rows = strip_cut(g.m, strips, s + 1) - from;
      Tile t{};
      t.a = g.a_packed ? g.a + (s * g.k + p) * packed_stride : g.a + from * g.a_row + p * g.a_step;
      t.a_row = g.a_packed ? 1 : g.a_row;
      t.a_step = g.a_packed ? packed_stride : g.a_step;
      t.k = depth;
      t.c_row = g.c_row;
      t.add = g.accumulate || p > 0;
      const float* bias = ends ? g.bias : nullptr;
      float* c = g.c + from * g.c_row;
      const float* next = s + 1 < strips ? c + rows * g.c_row : nullptr;
      if (g.pack_b) strip(t, static_cast<int>(rows), g.n, g.scratch, panel, depth * panel, c, bias, next);
      else strip(t, static_cast<int>(rows), g.n, g.b + p * g.b_step, g.b_step, 0, c, bias, next);
      if (ends && g.after.forward) finish(g, from, rows);
    }
    p += depth;
    if (depth == 0) break;
  }
}

void column_sums(const float* x, std::int64_t row, std::int64_t m, std::int64_t n, float* sums, bool accumulate) {
  for (std::int64_t j = 0; j < n; j += width) {
    const bool whole = n - j >= width;
    const part some(static_cast<int>(whole ? 1 : n - j));
    vec s[4] = {zero(), zero(), zero(), zero()};  // four chains: rows 0, 4, 8 ..., rows 1, 5, 9 ...
    std::int64_t i = 0;
    for (; i + 4 <= m; i += 4)
      for (int q = 0; q < 4; ++q) s[q] = s[q] + (whole ? load(x + (i + q) * row + j) : load(x + (i + q) * row + j, some));
    for (; i < m; ++i) s[i % 4] = s[i % 4] + (whole ? load(x + i * row + j) : load(x + i * row + j, some));
    vec sum = (s[0] + s[1]) + (s[2] + s[3]);
    if (accumulate) sum = sum + (whole ? load(sums + j) : load(sums + j, some));
    whole ? store(sums + j, sum) : store(sums + j, sum, some);
  }
}

}  // namespace

extern const ProductTable products = {tall, packed_stride, static_cast<int>(panel), product, pack_rows, column_sums};

}  // namespace tend::TEND_ISA
