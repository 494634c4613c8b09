#pragma once
#include "tend/network/layer.h"

namespace tend {

/// Conv2d: y[n,i,j,k] = b[k] + sum over u,v,c of x[n, i s + u - p, j s + v - p, c] W[u,v,c,k], zeros outside the image.
/// x [N,H,W,C]  W [kernel,kernel,C,K]  b [K]  y [N,H',W',K].  dx: the transposed convolution of dy, dW: x correlated with dy,
/// db = sum of dy. padding "valid": H' = floor((H - kernel) / s) + 1; "same": H' = ceil(H / s), an odd row of zeros below and
/// right (as in TensorFlow).
struct Conv2d : Weighted {
  static constexpr std::string_view about = "Slides filters over an image.";
  int filters = 1, kernel = 3, stride = 1;
  Value padding = "valid";

  static constexpr auto fields = std::tuple_cat(
      std::tuple{field_of<Conv2d>("filters", &Conv2d::filters, at_least(1), "filters", "The number of channels of the output."),
                 field_of<Conv2d>("kernel", &Conv2d::kernel, at_least(1), "pixels", "The height and width of the window."),
                 field_of<Conv2d>("stride", &Conv2d::stride, at_least(1), "pixels", "The distance between two windows."),
                 field_of<Conv2d>("padding", &Conv2d::padding, at_least(0), "pixels",
                                  "The padding: none, to ceil(input / stride) outputs, or this number of zeros on each side.",
                                  "valid same <integer>")},
      weighted_fields<Conv2d>());
  static constexpr std::string_view value_field = "filters";
  static constexpr bool takes_epilogue = true, backward_takes_epilogue = true, is_product = true;

  static std::vector<LayerCase<Conv2d>> cases() {
    Conv2d valid, same, strided, padded;
    valid.filters = 3;
    same.filters = 2, same.kernel = 2, same.padding = "same";
    strided.filters = 2, strided.stride = 2, strided.padding = "same", strided.bias = false;
    padded.filters = 1, padded.padding = 2, padded.stride = 3;
    return {{valid, {{5, 4, 2}}}, {same, {{3, 4, 1}}}, {strided, {{5, 6, 2}}}, {padded, {{4, 4, 2}}}};
  }

  Layout layout(const std::vector<Shape>& inputs) const {
    const Shape& x = only_input(inputs, "conv2d", 3, "images [H, W, C]", "its input must not be flattened");
    const std::int64_t area = static_cast<std::int64_t>(kernel) * kernel;
    return {.output = {window_of(x[0], kernel, stride, padding, "conv2d").output,
                       window_of(x[1], kernel, stride, padding, "conv2d").output, filters},
            .parameters = parameters({kernel, kernel, x[2], filters}, area * x[2], area * filters)};
  }
  void forward(Pass& p) const {
    p.backend->convolution_forward(*p.emitter, spec(p), p.inputs[0], p.parameter("weights"), bias ? p.parameter("bias") : Slot{},
                                   p.output, p.epilogue);
  }
  void backward(Pass& p) const {
    p.backend->convolution_backward_weights(*p.emitter, spec(p), p.inputs[0], p.output_gradient, p.gradient("weights"),
                                            bias ? p.gradient("bias") : Slot{}, p.accumulate);
    if (p.input_gradients[0])
      p.backend->convolution_backward_data(*p.emitter, spec(p), p.output_gradient, p.parameter("weights"), p.input_gradients[0],
                                           p.epilogue);
  }

 private:
  ConvolutionSpec spec(const Pass& p) const {
    const Shape &x = p.input_shapes[0], &y = p.output_shape;
    return {.rows = p.rows,
            .height = x[0],
            .width = x[1],
            .channels = x[2],
            .filters = filters,
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
