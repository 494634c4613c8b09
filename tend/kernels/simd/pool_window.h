#pragma once
#include "tend/kernels/simd/lane.h"
#include "tend/kernels/simd/pools.h"

namespace tend::TEND_ISA {

/// The part of a window inside the image: rows [top, bottom), columns [left, right) of the image.
struct PoolWindow {
  std::int64_t top, bottom, left, right;
  std::int64_t first_row, first_column, window_width;  ///< of the whole window
  std::int64_t image_width, channels;
  template <class P>
  TEND_INLINE P* at(P* image, std::int64_t i, std::int64_t j) const {
    return image + (i * image_width + j) * channels;
  }
  TEND_INLINE std::int64_t place(std::int64_t i, std::int64_t j) const {
    return (i - first_row) * window_width + j - first_column;
  }
};

/// Calls f(window, first element of the image, first element of the output place) for every window, in order.
template <class F>
TEND_INLINE void each_window(const PoolSpec& s, std::int64_t images, F f) {
  PoolWindow w{};
  w.window_width = s.window_width;
  w.image_width = s.width;
  w.channels = s.channels;
  std::int64_t output = 0;
  for (std::int64_t n = 0; n < images; ++n)
    for (std::int64_t i = 0; i < s.out_height; ++i) {
      w.first_row = i * s.stride_height - s.pad_top;
      w.top = w.first_row < 0 ? 0 : w.first_row;
      w.bottom = w.first_row + s.window_height < s.height ? w.first_row + s.window_height : s.height;
      for (std::int64_t j = 0; j < s.out_width; ++j, output += s.channels) {
        w.first_column = j * s.stride_width - s.pad_left;
        w.left = w.first_column < 0 ? 0 : w.first_column;
        w.right = w.first_column + s.window_width < s.width ? w.first_column + s.window_width : s.width;
        f(w, n * s.height * s.width * s.channels, output);
      }
    }
}

}  // namespace tend::TEND_ISA
