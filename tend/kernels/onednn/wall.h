#pragma once
#include <dnnl.hpp>
#include <functional>
#include <string>

#include "tend/base/error.h"
#include "tend/kernels/backend.h"

/// The wall: the one place where oneDNN's two programming interfaces (2.x and 3.x) are told apart. Everything is float32, called
/// from one thread; images channels last; weights in whatever order oneDNN likes best.
namespace tend::onednn {

using Tag = dnnl::memory::format_tag;
using Type = dnnl::memory::data_type;

/// oneDNN starts OpenMP threads where it may: within this, the calling thread's limit is one. The host's own stays as it was.
class OneThread {
 public:
  OneThread();
  ~OneThread();
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

const dnnl::engine& cpu();
/// This thread's stream.
dnnl::stream& stream();

/// Runs what calls oneDNN; its errors become Error.
void guarded(const char* what, const std::function<void()>& call);

/// A convolution of `rows` images in one of its three directions, with the formats that it chose.
struct Convolution {
  dnnl::primitive primitive;
  dnnl::memory::desc images, weights, bias, outputs, scratchpad;
};
enum class Direction { forward, backward_data, backward_weights };
Convolution make_convolution(const ConvolutionSpec& spec, std::int64_t rows, bool has_bias, Direction direction);

/// Weights as tend keeps them: [kernel_height, kernel_width, channels, filters].
dnnl::memory::desc plain_weights(const ConvolutionSpec& spec);

}  // namespace tend::onednn
