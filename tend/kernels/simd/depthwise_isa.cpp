#include "tend/kernels/simd/depthwises.h"
#include "tend/kernels/simd/vec.h"

namespace tend::TEND_ISA {
namespace {

constexpr std::int64_t width = vec::width;

/// A register of channels: its start and its size.
struct Channels {
  std::int64_t first;
  bool whole;
  part some;
  TEND_INLINE Channels(std::int64_t c, std::int64_t channels)
      : first(c), whole(channels - c >= width), some(static_cast<int>(whole ? 1 : channels - c)) {}
  TEND_INLINE vec take(const float* p) const { return load(p + first, whole, some); }
  TEND_INLINE void put(float* p, vec v) const { store(p + first, v, whole, some); }
};

/// The places [from, to) of a window along one axis that lie on an image of `size` pixels.
struct Reach {
  std::int64_t start, from, to;
  TEND_INLINE Reach(std::int64_t start, std::int64_t window, std::int64_t size)
      : start(start), from(start < 0 ? -start : 0), to(start + window < size ? window : size - start) {}
  TEND_INLINE bool is_inside(std::int64_t window) const { return from == 0 && to == window; }
};

/// One past the last output of a row whose window stays within the image's right side.
TEND_INLINE std::int64_t end_of_inside(const ConvolutionSpec& s) {
  const std::int64_t reach = s.width + s.pad_left - s.kernel_width, inside = reach < 0 ? 0 : reach / s.stride_width + 1;
  return inside < s.out_width ? inside : s.out_width;
}

/// The number of outputs computed side by side, so that their sums do not wait for one another.
constexpr int at_once = 4;

/// One register of channels of one image. Windows of K x K have their weights in registers; K = 0 means any size. turned: the
/// window's places are used from last to first.
template <int K, bool turned>
struct Walk {
  const ConvolutionSpec& s;
  Channels here;
  const float *x, *w;
  vec bias;
  std::int64_t row = s.width * s.channels;

  TEND_INLINE const float* weight(std::int64_t u, std::int64_t v) const {
    const std::int64_t place = u * s.kernel_width + v;
    return w + (turned ? s.kernel_height * s.kernel_width - 1 - place : place) * s.channels;
  }
  TEND_INLINE vec at_edge(const Reach& rows, std::int64_t j) const {
    const Reach columns(j * s.stride_width - s.pad_left, s.kernel_width, s.width);
    vec sum = bias;
    for (std::int64_t u = rows.from; u < rows.to; ++u)
      for (std::int64_t v = columns.from; v < columns.to; ++v)
        sum = fma(here.take(x + (rows.start + u) * row + (columns.start + v) * s.channels), here.take(weight(u, v)), sum);
    return sum;
  }
  void image(float* y) const {
    vec kept[K ? K * K : 1];
    if constexpr (K > 0)
      for (int p = 0; p < K * K; ++p) kept[p] = here.take(weight(p / K, p % K));
    const std::int64_t end = end_of_inside(s), step = s.stride_width * s.channels;
    for (std::int64_t i = 0; i < s.out_height; ++i, y += s.out_width * s.channels) {
      const Reach rows(i * s.stride_height - s.pad_top, s.kernel_height, s.height);
      std::int64_t j = 0;
      if constexpr (K > 0) {
        for (; j < s.out_width && (!rows.is_inside(K) || j * s.stride_width < s.pad_left); ++j)
          here.put(y + j * s.channels, at_edge(rows, j));
        for (; j + at_once <= end; j += at_once) {
          const float* window = x + rows.start * row + (j * s.stride_width - s.pad_left) * s.channels;
          vec sum[at_once] = {bias, bias, bias, bias};
#pragma GCC unroll 3
          for (int u = 0; u < K; ++u)
#pragma GCC unroll 3
            for (int v = 0; v < K; ++v)
#pragma GCC unroll 4
              for (int q = 0; q < at_once; ++q)
                sum[q] = fma(here.take(window + q * step + u * row + v * s.channels), kept[u * K + v], sum[q]);
          for (int q = 0; q < at_once; ++q) here.put(y + (j + q) * s.channels, sum[q]);
        }
      }
      for (; j < s.out_width; ++j) here.put(y + j * s.channels, at_edge(rows, j));
    }
  }
};

template <int K, bool turned>
void walk(const ConvolutionSpec& s, std::int64_t images, const float* x, const float* w, const float* b, float* y) {
  for (std::int64_t n = 0; n < images; ++n)
    for (std::int64_t c = 0; c < s.channels; c += width) {
      const Channels here(c, s.channels);
      const Walk<K, turned> one{s, here, x + n * s.height * s.width * s.channels, w, b ? here.take(b) : zero()};
      one.image(y + n * s.out_height * s.out_width * s.channels);
    }
}

bool is_three(const ConvolutionSpec& s) { return s.kernel_height == 3 && s.kernel_width == 3; }

void forward(const ConvolutionSpec& s, std::int64_t images, const float* x, const float* w, const float* b, float* y) {
  (is_three(s) ? walk<3, false> : walk<0, false>)(s, images, x, w, b, y);
}

/// Each window adds dy times its weights to the pixels that it covers.
template <int K>
void scatter(const ConvolutionSpec& s, std::int64_t images, const float* dy, const float* w, float* dx) {
  const std::int64_t row = s.width * s.channels;
  for (std::int64_t i = 0; i < images * s.height * row; ++i) dx[i] = 0;
  for (std::int64_t c = 0; c < s.channels; c += width) {
    const Channels here(c, s.channels);
    vec kept[K ? K * K : 1];
    if constexpr (K > 0)
      for (int p = 0; p < K * K; ++p) kept[p] = here.take(w + p * s.channels);
    for (std::int64_t line = 0; line < images * s.out_height; ++line) {
      const Reach rows(line % s.out_height * s.stride_height - s.pad_top, s.kernel_height, s.height);
      for (std::int64_t j = 0; j < s.out_width; ++j) {
        const Reach columns(j * s.stride_width - s.pad_left, s.kernel_width, s.width);
        const vec slope = here.take(dy + (line * s.out_width + j) * s.channels);
        if constexpr (K > 0)
          if (rows.is_inside(K) && columns.is_inside(K)) {
            float* window = dx + (line / s.out_height * s.height + rows.start) * row + columns.start * s.channels;
#pragma GCC unroll 3
            for (int u = 0; u < K; ++u)
#pragma GCC unroll 3
              for (int v = 0; v < K; ++v) {
                float* to = window + u * row + v * s.channels;
                here.put(to, fma(slope, kept[u * K + v], here.take(to)));
              }
            continue;
          }
        for (std::int64_t u = rows.from; u < rows.to; ++u)
          for (std::int64_t v = columns.from; v < columns.to; ++v) {
            float* to = dx + (line / s.out_height * s.height + rows.start + u) * row + (columns.start + v) * s.channels;
            here.put(to, fma(slope, here.take(w + (u * s.kernel_width + v) * s.channels), here.take(to)));
          }
      }
    }
  }
}

/// With a stride of 1 it is the forward pass on dy with the window reversed.
void backward_data(const ConvolutionSpec& s, std::int64_t images, const float* dy, const float* w, float* dx) {
  if (s.stride_height > 1 || s.stride_width > 1) return (is_three(s) ? scatter<3> : scatter<0>)(s, images, dy, w, dx);
  ConvolutionSpec back = s;
  back.height = s.out_height, back.width = s.out_width, back.out_height = s.height, back.out_width = s.width;
  back.pad_top = s.kernel_height - 1 - s.pad_top, back.pad_left = s.kernel_width - 1 - s.pad_left;
  (is_three(s) ? walk<3, true> : walk<0, true>)(back, images, dy, w, nullptr, dx);
}

TEND_INLINE void add_lanes(vec x, const Channels& here, std::int64_t channels, double* sums) {
  float lane[width];
  store(lane, x);
  const std::int64_t n = here.whole ? width : channels - here.first;
  for (std::int64_t i = 0; i < n; ++i) sums[here.first + i] += static_cast<double>(lane[i]);
}

/// One row of outputs and one register of channels of a weight gradient; x: the image's first row, slope: the outputs' first dy.
struct Line {
  const ConvolutionSpec& s;
  Channels here;
  Reach rows;
  const float *x, *slope;
  double* sums;
  std::int64_t row = s.width * s.channels;

  TEND_INLINE vec dy(std::int64_t j) const { return here.take(slope + j * s.channels); }
  TEND_INLINE std::int64_t column(std::int64_t j, std::int64_t v) const { return j * s.stride_width - s.pad_left + v; }
  TEND_INLINE vec at(std::int64_t u, std::int64_t column) const {
    return here.take(x + (rows.start + u) * row + column * s.channels);
  }
  TEND_INLINE void add(vec part, std::int64_t place) const { add_lanes(part, here, s.channels, sums + place * s.channels); }

  void bias() const {
    vec sum = zero();
    for (std::int64_t j = 0; j < s.out_width; ++j) sum = sum + dy(j);
    add(sum, s.kernel_height * s.kernel_width);
  }
  void weights() const {
    for (std::int64_t u = rows.from; u < rows.to; ++u)
      for (std::int64_t v = 0; v < s.kernel_width; ++v) {
        vec sum = zero();
        for (std::int64_t j = 0; j < s.out_width; ++j)
          if (const std::int64_t l = column(j, v); l >= 0 && l < s.width) sum = fma(at(u, l), dy(j), sum);
        add(sum, u * s.kernel_width + v);
      }
  }
  /// Windows of K x K that lie inside from top to bottom: all their sums are in registers.
  template <int K>
  void weights_at_once() const {
    vec kept[K * K];
    for (vec& k : kept) k = zero();
    const std::int64_t end = end_of_inside(s);
    const auto at_edge = [&](std::int64_t j) __attribute__((always_inline)) {
#pragma GCC unroll 3
      for (int v = 0; v < K; ++v)
        if (const std::int64_t l = column(j, v); l >= 0 && l < s.width)
#pragma GCC unroll 3
          for (int u = 0; u < K; ++u) kept[u * K + v] = fma(at(u, l), dy(j), kept[u * K + v]);
    };
    std::int64_t j = 0;
    for (; j < s.out_width && column(j, 0) < 0; ++j) at_edge(j);
    for (; j < end; ++j) {
      const vec d = dy(j);
#pragma GCC unroll 3
      for (int u = 0; u < K; ++u)
#pragma GCC unroll 3
        for (int v = 0; v < K; ++v) kept[u * K + v] = fma(at(u, column(j, v)), d, kept[u * K + v]);
    }
    for (; j < s.out_width; ++j) at_edge(j);
    for (int p = 0; p < K * K; ++p) add(kept[p], p);
  }
};

/// Floats are added along a row of windows; rows are added in double.
void backward_weights(const ConvolutionSpec& s, std::int64_t images, const float* x, const float* dy, double* sums) {
  for (std::int64_t c = 0; c < s.channels; c += width)
    for (std::int64_t n = 0; n < images * s.out_height; ++n) {
      const Line line{s,
                      Channels(c, s.channels),
                      Reach(n % s.out_height * s.stride_height - s.pad_top, s.kernel_height, s.height),
                      x + n / s.out_height * s.height * s.width * s.channels,
                      dy + n * s.out_width * s.channels,
                      sums};
      line.bias();
      if (is_three(s) && line.rows.is_inside(3)) line.weights_at_once<3>();
      else line.weights();
    }
}

template <int fixed>
TEND_INLINE void repeat_times(const float* x, float* y, std::int64_t n, std::int64_t each) {
#pragma GCC ivdep
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t q = 0; q < (fixed ? fixed : each); ++q) y[i * (fixed ? fixed : each) + q] = x[i];
}

void repeat(const float* x, float* y, std::int64_t n, std::int64_t each) {
  if (each == 2) repeat_times<2>(x, y, n, 2);
  else repeat_times<0>(x, y, n, each);
}

void sum_repeated(const float* y, float* x, std::int64_t n, std::int64_t each) {
  if (each == 2) {
#pragma GCC ivdep
    for (std::int64_t i = 0; i < n; ++i) x[i] = y[2 * i] + y[2 * i + 1];
    return;
  }
  for (std::int64_t i = 0; i < n; ++i) {
    float sum = y[i * each];
    for (std::int64_t q = 1; q < each; ++q) sum += y[i * each + q];
    x[i] = sum;
  }
}

}  // namespace

extern const DepthwiseTable depthwises = {forward, backward_data, backward_weights, repeat, sum_repeated};

}  // namespace tend::TEND_ISA
