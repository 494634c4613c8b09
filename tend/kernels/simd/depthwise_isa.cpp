#include "tend/kernels/simd/depthwises.h"
#include "tend/kernels/simd/vec.h"

namespace tend::TEND_ISA {
namespace {

constexpr std::int64_t width = vec::width;

/// A register of channels: where it starts, and how much of it there is.
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

/// Calls f(rows, columns, x of the window's first place (perhaps outside), place of the output) for every window.
template <class F>
TEND_INLINE void each_window(const ConvolutionSpec& s, std::int64_t images, const float* x, F f) {
  std::int64_t output = 0;
  for (std::int64_t n = 0; n < images; ++n)
    for (std::int64_t i = 0; i < s.out_height; ++i) {
      const Reach rows(i * s.stride_height - s.pad_top, s.kernel_height, s.height);
      for (std::int64_t j = 0; j < s.out_width; ++j, output += s.channels) {
        const Reach columns(j * s.stride_width - s.pad_left, s.kernel_width, s.width);
        f(rows, columns, x + ((n * s.height + rows.start) * s.width + columns.start) * s.channels, output);
      }
    }
}

/// Windows of K x K with their weights in registers; K 0: of any size.
template <int K>
void forward(const ConvolutionSpec& s, std::int64_t images, const float* x, const float* w, const float* b, float* y) {
  const std::int64_t row = s.width * s.channels, kernel_row = s.kernel_width * s.channels;
  for (std::int64_t c = 0; c < s.channels; c += width) {
    const Channels here(c, s.channels);
    const vec bias = b ? here.take(b) : zero();
    vec kept[K ? K * K : 1];
    if constexpr (K > 0)
      for (int p = 0; p < K * K; ++p) kept[p] = here.take(w + p * s.channels);
    each_window(s, images, x, [&](const Reach& rows, const Reach& columns, const float* window, std::int64_t output) {
      vec sum = bias;
      if (K > 0 && rows.is_inside(K) && columns.is_inside(K)) {
#pragma GCC unroll 3
        for (int u = 0; u < K; ++u)
#pragma GCC unroll 3
          for (int v = 0; v < K; ++v) sum = fma(here.take(window + u * row + v * s.channels), kept[K ? u * K + v : 0], sum);
      } else {
        for (std::int64_t u = rows.from; u < rows.to; ++u)
          for (std::int64_t v = columns.from; v < columns.to; ++v)
            sum = fma(here.take(window + u * row + v * s.channels), here.take(w + u * kernel_row + v * s.channels), sum);
      }
      here.put(y + output, sum);
    });
  }
}

void forward(const ConvolutionSpec& s, std::int64_t images, const float* x, const float* w, const float* b, float* y) {
  (s.kernel_height == 3 && s.kernel_width == 3 ? forward<3> : forward<0>)(s, images, x, w, b, y);
}

/// Each pixel gathers from the windows that it lies in.
void backward_data(const ConvolutionSpec& s, std::int64_t images, const float* dy, const float* w, float* dx) {
  for (std::int64_t c = 0; c < s.channels; c += width) {
    const Channels here(c, s.channels);
    for (std::int64_t n = 0; n < images; ++n)
      for (std::int64_t h = 0; h < s.height; ++h)
        for (std::int64_t l = 0; l < s.width; ++l) {
          vec sum = zero();
          for (std::int64_t u = (h + s.pad_top) % s.stride_height; u < s.kernel_height && u <= h + s.pad_top; u += s.stride_height) {
            const std::int64_t i = (h + s.pad_top - u) / s.stride_height;
            if (i >= s.out_height) continue;
            for (std::int64_t v = (l + s.pad_left) % s.stride_width; v < s.kernel_width && v <= l + s.pad_left; v += s.stride_width) {
              const std::int64_t j = (l + s.pad_left - v) / s.stride_width;
              if (j >= s.out_width) continue;
              sum = fma(here.take(dy + ((n * s.out_height + i) * s.out_width + j) * s.channels), here.take(w + (u * s.kernel_width + v) * s.channels), sum);
            }
          }
          here.put(dx + ((n * s.height + h) * s.width + l) * s.channels, sum);
        }
  }
}

TEND_INLINE void add_lanes(vec x, const Channels& here, std::int64_t channels, double* sums) {
  float lane[width];
  store(lane, x);
  const std::int64_t n = here.whole ? width : channels - here.first;
  for (std::int64_t i = 0; i < n; ++i) sums[here.first + i] += static_cast<double>(lane[i]);
}

/// Floats are added along a row of windows, rows in double.
template <int K>
void backward_weights(const ConvolutionSpec& s, std::int64_t images, const float* x, const float* dy, double* sums) {
  const std::int64_t row = s.width * s.channels, places = s.kernel_height * s.kernel_width;
  for (std::int64_t c = 0; c < s.channels; c += width) {
    const Channels here(c, s.channels);
    for (std::int64_t line = 0; line < images * s.out_height; ++line) {
      const Reach rows(line % s.out_height * s.stride_height - s.pad_top, s.kernel_height, s.height);
      const float *image = x + (line / s.out_height * s.height + rows.start) * row, *slope = dy + line * s.out_width * s.channels;
      vec bias = zero();
      for (std::int64_t j = 0; j < s.out_width; ++j) bias = bias + here.take(slope + j * s.channels);
      add_lanes(bias, here, s.channels, sums + places * s.channels);
      for (std::int64_t u = rows.from; u < rows.to; ++u) {
        if constexpr (K > 0) {
          vec kept[K];
          for (int v = 0; v < K; ++v) kept[v] = zero();
          for (std::int64_t j = 0; j < s.out_width; ++j) {
            const std::int64_t start = j * s.stride_width - s.pad_left;
            const vec d = here.take(slope + j * s.channels);
#pragma GCC unroll 3
            for (int v = 0; v < K; ++v)
              if (start + v >= 0 && start + v < s.width) kept[v] = fma(here.take(image + u * row + (start + v) * s.channels), d, kept[v]);
          }
          for (int v = 0; v < K; ++v) add_lanes(kept[v], here, s.channels, sums + (u * K + v) * s.channels);
        } else {
          for (std::int64_t v = 0; v < s.kernel_width; ++v) {
            vec sum = zero();
            for (std::int64_t j = 0; j < s.out_width; ++j) {
              const std::int64_t l = j * s.stride_width - s.pad_left + v;
              if (l >= 0 && l < s.width) sum = fma(here.take(image + u * row + l * s.channels), here.take(slope + j * s.channels), sum);
            }
            add_lanes(sum, here, s.channels, sums + (u * s.kernel_width + v) * s.channels);
          }
        }
      }
    }
  }
}

void backward_weights(const ConvolutionSpec& s, std::int64_t images, const float* x, const float* dy, double* sums) {
  (s.kernel_width == 3 ? backward_weights<3> : backward_weights<0>)(s, images, x, dy, sums);
}

void repeat(const float* x, float* y, std::int64_t n, std::int64_t each) {
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t q = 0; q < each; ++q) y[i * each + q] = x[i];
}

void sum_repeated(const float* y, float* x, std::int64_t n, std::int64_t each) {
  for (std::int64_t i = 0; i < n; ++i) {
    float sum = y[i * each];
    for (std::int64_t q = 1; q < each; ++q) sum += y[i * each + q];
    x[i] = sum;
  }
}

}  // namespace

extern const DepthwiseTable depthwises = {forward, backward_data, backward_weights, repeat, sum_repeated};

}  // namespace tend::TEND_ISA
