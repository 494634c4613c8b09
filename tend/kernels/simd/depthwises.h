#pragma once
#include <cstdint>

#include "tend/kernels/backend.h"

namespace tend {

/// Inner functions of depthwise convolutions with one filter a channel over `images` images, channels last. One register of
/// neighbouring channels at a time is processed over a whole image, with its weights in registers if the window is 3 x 3.
struct DepthwiseTable {
  void (*forward)(const ConvolutionSpec& s, std::int64_t images, const float* x, const float* w, const float* b, float* y);
  void (*backward_data)(const ConvolutionSpec& s, std::int64_t images, const float* dy, const float* w, float* dx);
  /// Adds to sums [kernel_height * kernel_width + 1, channels], over these images: the weights' sums and, last, the bias's.
  void (*backward_weights)(const ConvolutionSpec& s, std::int64_t images, const float* x, const float* dy, double* sums);
  /// y [n, channels * each]: each channel repeated `each` times; and the inverse, a sum.
  void (*repeat)(const float* x, float* y, std::int64_t n, std::int64_t each);
  void (*sum_repeated)(const float* y, float* x, std::int64_t n, std::int64_t each);
};
const DepthwiseTable& depthwise_table(Isa isa);

}  // namespace tend
