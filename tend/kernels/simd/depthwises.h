#pragma once
#include <cstdint>

#include "tend/kernels/backend.h"

namespace tend {

/// Inner functions of depthwise convolutions with one filter a channel over `images` images, channels last. Registers of
/// neighbouring channels are walked over an image one after the other, with their weights in registers where the window is 3 x 3.
struct DepthwiseTable {
  void (*forward)(const ConvolutionSpec& s, std::int64_t images, const float* x, const float* w, const float* b, float* y);
  void (*backward_data)(const ConvolutionSpec& s, std::int64_t images, const float* dy, const float* w, float* dx);
  /// sums [kernel_height * kernel_width + 1, channels]: of the weights and, last, of the bias; these images' are added.
  void (*backward_weights)(const ConvolutionSpec& s, std::int64_t images, const float* x, const float* dy, double* sums);
  /// y [n, channels * each]: each channel `each` times; and its reverse, a sum.
  void (*repeat)(const float* x, float* y, std::int64_t n, std::int64_t each);
  void (*sum_repeated)(const float* y, float* x, std::int64_t n, std::int64_t each);
};
const DepthwiseTable& depthwise_table(Isa isa);

}  // namespace tend
