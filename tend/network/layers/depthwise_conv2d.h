#pragma once
#include "tend/network/layer.h"

namespace tend {

/// DepthwiseConv2d: each channel has M filters of its own: y[n,i,j,c M + m] = b[c M + m] + sum over u,v of x[n, i s + u - p, j s
/// + v - p, c] W[u,v,c M + m], zeros outside the image.   x [N,H,W,C]  W [kernel,kernel,C M]  b [C M]  y [N,H',W',C M].  dx: the
/// transposed convolution of dy, dW: x correlated with dy, db = sum of dy. Chollet, 2017, sec. 1. Defaults: one filter per
/// channel, the others as in conv2d.
struct DepthwiseConv2d : Weighted {
  static constexpr std::string_view about = "Slides filters over an image; each channel has filters of its own.";
  int multiplier = 1, kernel = 3, stride = 1;
  Value padding = "valid";

  static constexpr auto fields = std::tuple_cat(
      std::tuple{
          field_of<DepthwiseConv2d>("multiplier", &DepthwiseConv2d::multiplier, at_least(1), "filters",
                                    "The number of filters of each channel."),
          field_of<DepthwiseConv2d>("kernel", &DepthwiseConv2d::kernel, at_least(1), "pixels",
                                    "The height and width of the window."),
          field_of<DepthwiseConv2d>("stride", &DepthwiseConv2d::stride, at_least(1), "pixels",
                                    "The distance between two windows."),
          field_of<DepthwiseConv2d>("padding", &DepthwiseConv2d::padding, at_least(0), "pixels",
                                    "The padding: none, to ceil(input / stride) outputs, or this number of zeros on each side.",
                                    "valid same <integer>")},
      weighted_fields<DepthwiseConv2d>());
  static constexpr std::string_view value_field = "multiplier";
  static constexpr bool takes_epilogue = true, backward_takes_epilogue = true;

  static std::vector<LayerCase<DepthwiseConv2d>> cases() {
    DepthwiseConv2d valid, same, strided, padded;
    same.multiplier = 2, same.kernel = 2, same.padding = "same";
    strided.stride = 2, strided.padding = "same", strided.bias = false;
    padded.multiplier = 3, padded.kernel = 4, padded.padding = 2, padded.stride = 3;
    return {{valid, {{5, 4, 3}}}, {same, {{3, 4, 2}}}, {strided, {{5, 6, 19}}}, {padded, {{5, 4, 2}}}};
  }

  Layout layout(const std::vector<Shape>& inputs) const {
    const Shape& x = only_input(inputs, "depthwise_conv2d", 3, "images [H, W, C]", "its input must not be flattened");
    const std::int64_t area = static_cast<std::int64_t>(kernel) * kernel, filters = x[2] * multiplier;
    return {.output = {window_of(x[0], kernel, stride, padding, "depthwise_conv2d").output,
                       window_of(x[1], kernel, stride, padding, "depthwise_conv2d").output, filters},
            .parameters = parameters({kernel, kernel, filters}, area, area * multiplier)};
  }
  void forward(Pass& p) const {
    p.backend->depthwise_forward(*p.emitter, spec(p), p.inputs[0], p.parameter("weights"), bias ? p.parameter("bias") : Slot{},
                                 p.output, p.epilogue);
  }
  void backward(Pass& p) const {
    p.backend->depthwise_backward_weights(*p.emitter, spec(p), p.inputs[0], p.output_gradient, p.gradient("weights"),
                                          bias ? p.gradient("bias") : Slot{}, p.accumulate);
    if (p.input_gradients[0])
      p.backend->depthwise_backward_data(*p.emitter, spec(p), p.output_gradient, p.parameter("weights"), p.input_gradients[0],
                                         p.epilogue);
  }

 private:
  ConvolutionSpec spec(const Pass& p) const {
    const Shape &x = p.input_shapes[0], &y = p.output_shape;
    return {.rows = p.rows,
            .height = x[0],
            .width = x[1],
            .channels = x[2],
            .filters = y[2],
            .kernel_height = kernel,
            .kernel_width = kernel,
            .stride_height = stride,
            .stride_width = stride,
            .pad_top = window_of(x[0], kernel, stride, padding, "").pad_before,
            .pad_left = window_of(x[1], kernel, stride, padding, "").pad_before,
            .out_height = y[0],
            .out_width = y[1]};
  }
};

}  // namespace tend
