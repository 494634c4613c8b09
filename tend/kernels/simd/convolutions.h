#pragma once
#include <cstdint>

#include "tend/kernels/backend.h"

namespace tend {

/// Inner functions of convolutions over `images` images, channels last, as in Backend (kernels/backend.h).
struct ConvolutionTable {
  /// Adds the sums over these images to dw [kernel_height, kernel_width, channels, filters] and db [filters] (or nullptr), only
  /// for filters [first, end). Each element is one chain of fma, in an order fixed by shape.
  void (*backward_weights)(const ConvolutionSpec& s, std::int64_t images, std::int64_t first_filter, std::int64_t end_filter,
                           const float* x, const float* dy, float* dw, float* db);
  /// y = x * w + b (b may be nullptr), for images of few channels: all of w is read once for every few places.
  void (*forward)(const ConvolutionSpec& s, std::int64_t images, const float* x, const float* w, const float* b, float* y);
};
const ConvolutionTable& convolution_table(Isa isa);

}  // namespace tend
