#include "tend/kernels/simd/convolutions.h"
#include "tend/kernels/simd/vec.h"

// With channels last, the elements of x under one row of a window are adjacent: element q = v C + c of tap row u at place j of a
// row is x[(j stride - pad) C + q]. So a tap row is a matrix product whose left side is read in place, without a copy or packing.
namespace tend::TEND_ISA {
namespace {

constexpr std::int64_t width = vec::width;
#if defined(TEND_ISA_avx512)
constexpr int tall = 6, wide = 4;  // 24 of 32 registers hold sums
#else
constexpr int tall = 4, wide = 2;  // 8 of 16
#endif

/// Columns [first, last) of an output row.
struct Run {
  std::int64_t first, last;
};
/// The output columns whose place under tap column v lies on the image.
Run columns_of(std::int64_t in, std::int64_t out, std::int64_t stride, std::int64_t pad, std::int64_t v) {
  const std::int64_t first = pad > v ? (pad - v + stride - 1) / stride : 0;
  const std::int64_t end = in + pad - v <= 0 ? 0 : (in + pad - v - 1) / stride + 1;
  const std::int64_t last = end < out ? end : out;
  return {first, last > first ? last : first};
}

/// The places over which one tile sums: `columns` of each of `rows` of each of `images`, with the steps between them.
struct Places {
  std::int64_t images, rows, columns;
  std::int64_t x_image, x_row, x_column, y_image, y_row, y_column;
};

/// dw [R rows of K] += x^T dy over the places.
template <int R, int V, bool Whole>
void sum_tile(const Places& p, const float* x, const float* dy, float* dw, int last_columns) {
  const part last(Whole ? 1 : last_columns);
  vec acc[R][V];
#pragma GCC unroll 8
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) {
      const float* from = dw + r * p.y_column + v * width;
      acc[r][v] = Whole || v < V - 1 ? load(from) : load(from, last);
    }
  for (std::int64_t n = 0; n < p.images; ++n)
    for (std::int64_t i = 0; i < p.rows; ++i) {
      const float *a = x + n * p.x_image + i * p.x_row, *d = dy + n * p.y_image + i * p.y_row;
      for (std::int64_t j = 0; j < p.columns; ++j, a += p.x_column, d += p.y_column) {
        vec slope[V];
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) slope[v] = Whole || v < V - 1 ? load(d + v * width) : load(d + v * width, last);
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) {
          const vec value = broadcast(a + r);
#pragma GCC unroll 4
          for (int v = 0; v < V; ++v) acc[r][v] = fma(value, slope[v], acc[r][v]);
        }
      }
    }
#pragma GCC unroll 8
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) {
      float* to = dw + r * p.y_column + v * width;
      Whole || v < V - 1 ? store(to, acc[r][v]) : store(to, acc[r][v], last);
    }
}

using SumTile = void (*)(const Places&, const float*, const float*, float*, int);
template <int V, int... R>
struct SumTiles {
  static constexpr SumTile whole[] = {sum_tile<R, V, true>...}, cut[] = {sum_tile<R, V, false>...};
};
#if defined(TEND_ISA_avx512)
template <int V>
using Sums = SumTiles<V, 1, 2, 3, 4, 5, 6>;
#else
template <int V>
using Sums = SumTiles<V, 1, 2, 3, 4>;
#endif

template <template <int> class Tiles, int V = wide>
auto tile_of(int registers, bool whole, int rows) {
  if constexpr (V > 1)
    if (registers < V) return tile_of<Tiles, V - 1>(registers, whole, rows);
  return (whole ? Tiles<V>::whole : Tiles<V>::cut)[rows - 1];
}

/// Calls f(first filter, registers, whole, columns of the last register) for each group of filters [first, end).
template <class F>
TEND_INLINE void each_group(std::int64_t first, std::int64_t end, F f) {
  for (std::int64_t k = first; k < end; k += wide * width) {
    const std::int64_t left = end - k;
    const int registers = left >= wide * width ? wide : static_cast<int>((left + width - 1) / width);
    f(k, registers, left >= registers * width, static_cast<int>(left - (registers - 1) * width));
  }
}

/// Computes the sums of `count` elements of a tap row over the places.
void sum_row(const Places& p, Run filters, const float* x, const float* dy, float* dw, std::int64_t count) {
  if (p.columns <= 0) return;
  for (std::int64_t q = 0; q < count; q += tall) {
    const int rows = static_cast<int>(count - q < tall ? count - q : tall);
    each_group(filters.first, filters.last, [&](std::int64_t k, int registers, bool whole, int last) {
      tile_of<Sums>(registers, whole, rows)(p, x + q, dy + k, dw + q * p.y_column + k, last);
    });
  }
}

/// The output columns whose whole window lies on the image.
Run inner_columns(const ConvolutionSpec& s) {
  const Run left = columns_of(s.width, s.out_width, s.stride_width, s.pad_left, 0);
  const Run right = columns_of(s.width, s.out_width, s.stride_width, s.pad_left, s.kernel_width - 1);
  const std::int64_t first = left.first > right.first ? left.first : right.first,
                     last = left.last < right.last ? left.last : right.last;
  return {first, last > first ? last : first};
}

/// Computes dw of each tap over output rows [first, last) of the images.
void sum_places(const ConvolutionSpec& s, Places p, Run rows, Run filters, const float* x, const float* dy, float* dw) {
  const std::int64_t taps = s.kernel_width * s.channels;
  const Run inner = inner_columns(s);
  for (std::int64_t u = 0; u < s.kernel_height; ++u) {
    const Run valid = columns_of(s.height, s.out_height, s.stride_height, s.pad_top, u);
    const std::int64_t first = rows.first > valid.first ? rows.first : valid.first;
    p.rows = (rows.last < valid.last ? rows.last : valid.last) - first;
    if (p.rows <= 0) continue;
    const float* from = x + (first * s.stride_height + u - s.pad_top) * s.width * s.channels;
    const float* slope = dy + first * p.y_row;
    float* sums = dw + u * taps * s.filters;
    const auto sum = [&](std::int64_t column, std::int64_t end, std::int64_t q, std::int64_t count) {
      p.columns = end - column;
      sum_row(p, filters, from + column * p.x_column - s.pad_left * s.channels + q, slope + column * p.y_column,
              sums + q * s.filters, count);
    };
    sum(inner.first, inner.last, 0, taps);
    for (std::int64_t v = 0; v < s.kernel_width; ++v) {  // one tap at a time if its window extends beyond the image
      const Run all = columns_of(s.width, s.out_width, s.stride_width, s.pad_left, v);
      const bool has_inner = inner.last > inner.first;
      sum(all.first, has_inner ? inner.first : all.last, v * s.channels, s.channels);
      if (has_inner) sum(inner.last, all.last, v * s.channels, s.channels);
    }
  }
}

void sum_bias(std::int64_t places, std::int64_t row, Run filters, const float* dy, float* db) {
  for (std::int64_t k = filters.first; k < filters.last; k += width) {
    const bool whole = filters.last - k >= width;
    const part some(static_cast<int>(whole ? 1 : filters.last - k));
    vec sum = load(db + k, whole, some);
    for (std::int64_t p = 0; p < places; ++p) sum = sum + load(dy + p * row + k, whole, some);
    store(db + k, sum, whole, some);
  }
}

void backward_weights(const ConvolutionSpec& s, std::int64_t images, std::int64_t first_filter, std::int64_t end_filter,
                      const float* x, const float* dy, float* dw, float* db) {
  const Run filters{first_filter, end_filter};
  Places p{};
  p.x_column = s.stride_width * s.channels;
  p.x_row = s.stride_height * s.width * s.channels;
  p.x_image = s.height * s.width * s.channels;
  p.y_column = s.filters;
  p.y_row = s.out_width * s.filters;
  p.y_image = s.out_height * p.y_row;
  const std::int64_t places = s.out_height * s.out_width;
  if (places == 0) return;
  if (db) sum_bias(images * places, s.filters, filters, dy, db);
  // As many places at once as keep their slopes in the first-level cache, or the sums of a large kernel in the second.
  const std::int64_t weights = s.kernel_height * s.kernel_width * s.channels * s.filters, at_once = weights > 1 << 18 ? 384 : 96;
  const std::int64_t together = at_once / places > 1 ? at_once / places : 1;
  const std::int64_t rows = at_once / s.out_width > 1 ? at_once / s.out_width : 1;
  for (std::int64_t n = 0; n < images; n += together) {
    p.images = images - n < together ? images - n : together;
    for (std::int64_t i = 0; i < s.out_height; i += rows)
      sum_places(s, p, {i, i + rows < s.out_height ? i + rows : s.out_height}, filters, x + n * p.x_image, dy + n * p.y_image,
                 dw);
  }
}

/// P places of a row: y [P, V registers of filters] = bias + sum over tap rows of the x under them times w.
struct Window {
  const float* x;            ///< first element of the first tap row under the first place
  std::int64_t place, row;   ///< distance between places, distance between tap rows
  std::int64_t rows, count;  ///< number of tap rows, elements of each
  const float* w;
  std::int64_t w_row, filters;
  const float* bias;
  float* y;
  int last;
};
template <int P, int V, bool Whole>
void window_tile(const Window& t) {
  const part last(Whole ? 1 : t.last);
  vec acc[P][V];
#pragma GCC unroll 4
  for (int v = 0; v < V; ++v) {
    const vec b = !t.bias ? zero() : Whole || v < V - 1 ? load(t.bias + v * width) : load(t.bias + v * width, last);
#pragma GCC unroll 8
    for (int i = 0; i < P; ++i) acc[i][v] = b;
  }
  for (std::int64_t u = 0; u < t.rows; ++u) {
    const float *x = t.x + u * t.row, *w = t.w + u * t.w_row;
    for (std::int64_t q = 0; q < t.count; ++q, ++x, w += t.filters) {
      vec weight[V];
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) weight[v] = Whole || v < V - 1 ? load(w + v * width) : load(w + v * width, last);
#pragma GCC unroll 8
      for (int i = 0; i < P; ++i) {
        const vec value = broadcast(x + i * t.place);
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) acc[i][v] = fma(value, weight[v], acc[i][v]);
      }
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < P; ++i)
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) {
      float* y = t.y + i * t.filters + v * width;
      Whole || v < V - 1 ? store(y, acc[i][v]) : store(y, acc[i][v], last);
    }
}
using WindowTile = void (*)(const Window&);
template <int V, int... P>
struct WindowTiles {
  static constexpr WindowTile whole[] = {window_tile<P, V, true>...}, cut[] = {window_tile<P, V, false>...};
};
#if defined(TEND_ISA_avx512)
template <int V>
using Windows = WindowTiles<V, 1, 2, 3, 4, 5, 6>;
#else
template <int V>
using Windows = WindowTiles<V, 1, 2, 3, 4>;
#endif

/// Computes places [column, end) of one output row for which all taps v0 .. v1 - 1 lie on the image.
void forward_row(const ConvolutionSpec& s, Window t, const float* x, std::int64_t column, std::int64_t end, std::int64_t v0,
                 std::int64_t v1) {
  const float *w = t.w + v0 * s.channels * s.filters, *bias = t.bias;
  float* y = t.y;
  t.count = (v1 - v0) * s.channels;
  for (std::int64_t j = column; j < end; j += tall) {
    const int places = static_cast<int>(end - j < tall ? end - j : tall);
    t.x = x + (j * s.stride_width + v0 - s.pad_left) * s.channels;
    each_group(0, s.filters, [&](std::int64_t k, int registers, bool whole, int last) {
      t.w = w + k, t.bias = bias ? bias + k : nullptr, t.y = y + j * s.filters + k, t.last = last;
      tile_of<Windows>(registers, whole, places)(t);
    });
  }
}

void forward(const ConvolutionSpec& s, std::int64_t images, const float* x, const float* w, const float* b, float* y) {
  const Run inner = inner_columns(s);
  Window t{};
  t.place = s.stride_width * s.channels;
  t.row = s.width * s.channels;
  t.w_row = s.kernel_width * s.channels * s.filters;
  t.filters = s.filters;
  t.bias = b;
  for (std::int64_t n = 0; n < images; ++n)
    for (std::int64_t i = 0; i < s.out_height; ++i) {
      const std::int64_t top = i * s.stride_height - s.pad_top, u0 = top < 0 ? -top : 0;
      const std::int64_t u1 = s.height - top < s.kernel_height ? s.height - top : s.kernel_height;
      t.rows = u1 > u0 ? u1 - u0 : 0;
      t.w = w + u0 * t.w_row;
      t.y = y + (n * s.out_height + i) * s.out_width * s.filters;
      const float* row = x + (n * s.height + top + u0) * t.row;
      for (std::int64_t j = 0; j < s.out_width; ++j) {
        if (j == inner.first && inner.last > j) {
          forward_row(s, t, row, inner.first, inner.last, 0, s.kernel_width);
          j = inner.last - 1;
          continue;
        }
        const std::int64_t left = j * s.stride_width - s.pad_left, v0 = left < 0 ? -left : 0;
        const std::int64_t v1 = s.width - left < s.kernel_width ? s.width - left : s.kernel_width;
        forward_row(s, t, row, j, j + 1, v0 < v1 ? v0 : 0, v0 < v1 ? v1 : 0);
      }
    }
}

}  // namespace

extern const ConvolutionTable convolutions = {backward_weights, forward};

}  // namespace tend::TEND_ISA
