#pragma once
#include <memory>

#include "tend/kernels/backend.h"
#include "tend/kernels/onednn/library.h"

namespace tend::onednn {

/// A convolution of `images` images and the order of weights that it reads (or writes), channels first as oneDNN counts.
struct ConvolutionPrimitive {
  std::shared_ptr<Primitive> primitive;
  dnnl::memory::desc weights;
};

/// The number of images, the number of threads expected to run it at once, and the order of weights if it is already decided.
struct Wish {
  std::int64_t images;
  int at_once;
  dnnl::memory::desc weights = {};  ///< empty: oneDNN chooses
};

/// Arguments in order: x, weights, b (if with_bias), y.
ConvolutionPrimitive make_forward(const ConvolutionSpec&, bool with_bias, const Wish&);
/// Arguments in order: dy, weights, dx.
ConvolutionPrimitive make_backward_data(const ConvolutionSpec&, const Wish&);

}  // namespace tend::onednn
