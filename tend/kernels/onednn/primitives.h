#pragma once
#include <memory>

#include "tend/kernels/backend.h"
#include "tend/kernels/onednn/library.h"

namespace tend::onednn {

/// A convolution of `images` images and the order in which it wants (or leaves) the weights, channels first as oneDNN counts.
struct ConvolutionPrimitive {
  std::shared_ptr<Primitive> primitive;
  dnnl::memory::desc weights;
};

/// How many images, how many threads are expected to run it together, and the order of weights where it is settled already.
struct Wish {
  std::int64_t images;
  int at_once;
  dnnl::memory::desc weights = {};  ///< empty: oneDNN chooses
};

/// Arguments in order: x, weights, (b where with_bias,) y.
ConvolutionPrimitive make_forward(const ConvolutionSpec&, bool with_bias, const Wish&);
/// dy, weights, dx.
ConvolutionPrimitive make_backward_data(const ConvolutionSpec&, const Wish&);

}  // namespace tend::onednn
