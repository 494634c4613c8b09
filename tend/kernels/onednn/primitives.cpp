#include "tend/kernels/onednn/primitives.h"

#include <algorithm>

// The two generations of oneDNN's interface describe primitives differently; only this file depends on the difference.

namespace tend::onednn {
namespace {

using dnnl::memory;
using Dims = memory::dims;
constexpr auto direct = dnnl::algorithm::convolution_direct;
constexpr auto f32 = memory::data_type::f32;

#if DNNL_VERSION_MAJOR >= 3
Dims dims_of(const memory::desc& d) { return d.get_dims(); }
#else
Dims dims_of(const memory::desc& d) { return d.dims(); }
#endif

struct Description {
  memory::desc x, w, b, y;
  Dims strides, dilation{0, 0}, pad_low, pad_high;

  /// The memory layout of images. b is empty without bias.
  Description(const ConvolutionSpec& s, std::int64_t images, bool with_bias, const memory::desc& weights)
      : x({images, s.channels, s.height, s.width}, f32, memory::format_tag::nhwc),
        w({s.filters, s.channels, s.kernel_height, s.kernel_width}, f32, memory::format_tag::any),
        y({images, s.filters, s.out_height, s.out_width}, f32, memory::format_tag::nhwc),
        strides{s.stride_height, s.stride_width},
        pad_low{s.pad_top, s.pad_left},
        pad_high{std::max<std::int64_t>(0, (s.out_height - 1) * s.stride_height + s.kernel_height - s.height - s.pad_top),
                 std::max<std::int64_t>(0, (s.out_width - 1) * s.stride_width + s.kernel_width - s.width - s.pad_left)} {
    if (with_bias) b = memory::desc({s.filters}, f32, memory::format_tag::x);
    if (weights.get_size() > 0) w = weights;
  }
  /// Backward primitives need any forward primitive as a hint.
  Description with_any_weights() const {
    Description d = *this;
    d.w = memory::desc(dims_of(w), f32, memory::format_tag::any);
    return d;
  }
};

dnnl::primitive_attr own_scratch() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

#if DNNL_VERSION_MAJOR >= 3
auto describe_forward(const Description& d) {
  return dnnl::convolution_forward::primitive_desc(cpu(), dnnl::prop_kind::forward_training, direct, d.x, d.w, d.b, d.y,
                                                   d.strides, d.dilation, d.pad_low, d.pad_high, own_scratch());
}
auto describe_backward_data(const Description& d) {
  return dnnl::convolution_backward_data::primitive_desc(cpu(), direct, d.x, d.w, d.y, d.strides, d.dilation, d.pad_low,
                                                         d.pad_high, describe_forward(d.with_any_weights()), own_scratch());
}
#else
auto describe_forward(const Description& d) {
  return dnnl::convolution_forward::primitive_desc(
      {dnnl::prop_kind::forward_training, direct, d.x, d.w, d.b, d.y, d.strides, d.dilation, d.pad_low, d.pad_high},
      own_scratch(), cpu());
}
auto describe_backward_data(const Description& d) {
  return dnnl::convolution_backward_data::primitive_desc({direct, d.x, d.w, d.y, d.strides, d.dilation, d.pad_low, d.pad_high},
                                                         own_scratch(), cpu(), describe_forward(d.with_any_weights()));
}
#endif

template <class Make>
ConvolutionPrimitive guarded(const char* what, Make make) {
  const OneThread alone;  // a primitive is laid out for the number of threads set when it is made
  try {
    return make();
  } catch (const dnnl::error& error) {
    throw_error(what, error);
  }
}

}  // namespace

ConvolutionPrimitive make_forward(const ConvolutionSpec& spec, bool with_bias, const Wish& wish) {
  return guarded("convolution, forward", [&] {
    const Description d(spec, wish.images, with_bias, wish.weights);
    const auto made = describe_forward(d);
    std::vector<Primitive::Argument> arguments{{DNNL_ARG_SRC, d.x}, {DNNL_ARG_WEIGHTS, made.weights_desc()}};
    if (with_bias) arguments.push_back({DNNL_ARG_BIAS, d.b});
    arguments.push_back({DNNL_ARG_DST, d.y});
    return ConvolutionPrimitive{
        std::make_shared<Primitive>(dnnl::convolution_forward(made), arguments, made.scratchpad_desc(), wish.at_once),
        made.weights_desc()};
  });
}

ConvolutionPrimitive make_backward_data(const ConvolutionSpec& spec, const Wish& wish) {
  return guarded("convolution, gradient of data", [&] {
    const Description d(spec, wish.images, false, wish.weights);
    const auto made = describe_backward_data(d);
    const std::vector<Primitive::Argument> arguments{
        {DNNL_ARG_DIFF_DST, d.y}, {DNNL_ARG_WEIGHTS, made.weights_desc()}, {DNNL_ARG_DIFF_SRC, d.x}};
    return ConvolutionPrimitive{
        std::make_shared<Primitive>(dnnl::convolution_backward_data(made), arguments, made.scratchpad_desc(), wish.at_once),
        made.weights_desc()};
  });
}

}  // namespace tend::onednn
