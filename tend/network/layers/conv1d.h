#pragma once
#include "tend/network/layer.h"

namespace tend {

/// Conv1d: y[n,i,k] = b[k] + sum over u,c of x[n, i s + u - p, c] W[u,c,k], zeros outside the sequence: conv2d of height 1.
/// x [N,T,C]  W [kernel,C,K]  b [K]  y [N,T',K].  dx: the transposed convolution of dy, dW: x correlated with dy, db = sum of dy.
/// padding "valid": T' = floor((T - kernel) / s) + 1; "same": T' = ceil(T / s), an odd zero at the end. Defaults as in conv2d.
struct Conv1d : Weighted {
  static constexpr std::string_view about = "Slides filters along a sequence.";
  int filters = 1, kernel = 3, stride = 1;
  Value padding = "valid";

  static constexpr auto fields = std::tuple_cat(
      std::tuple{field_of<Conv1d>("filters", &Conv1d::filters, at_least(1), "filters", "The number of channels of the output."),
                 field_of<Conv1d>("kernel", &Conv1d::kernel, at_least(1), "places", "The length of the window."),
                 field_of<Conv1d>("stride", &Conv1d::stride, at_least(1), "places", "The distance between two windows."),
                 field_of<Conv1d>("padding", &Conv1d::padding, at_least(0), "places",
                                  "The padding: none, to ceil(input / stride) outputs, or this number of zeros on each side.",
                                  "valid same <integer>")},
      weighted_fields<Conv1d>());
  static constexpr std::string_view value_field = "filters";
  static constexpr bool takes_epilogue = true, backward_takes_epilogue = true, is_product = true;

  static std::vector<LayerCase<Conv1d>> cases() {
    Conv1d valid, same, padded;
    valid.filters = 3;
    same.filters = 2, same.kernel = 4, same.stride = 2, same.padding = "same", same.bias = false;
    padded.filters = 2, padded.padding = 2, padded.stride = 3;
    return {{valid, {{5, 2}}}, {same, {{7, 3}}}, {padded, {{6, 5}}}};
  }

  Layout layout(const std::vector<Shape>& inputs) const {
    const Shape& x = only_input(inputs, "conv1d", 2, "sequences [T, C]", "reshape = [-1, 1] makes one of a row of features");
    return {.output = {window_of(x[0], kernel, stride, padding, "conv1d").output, filters},
            .parameters = parameters({kernel, x[1], filters}, kernel * x[1], static_cast<std::int64_t>(kernel) * filters)};
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
    const Shape& x = p.input_shapes[0];
    return {.rows = p.rows,
            .height = 1,
            .width = x[0],
            .channels = x[1],
            .filters = filters,
            .kernel_height = 1,
            .kernel_width = kernel,
            .stride_height = 1,
            .stride_width = stride,
            .pad_top = 0,
            .pad_left = window_of(x[0], kernel, stride, padding, "").pad_before,
            .out_height = 1,
            .out_width = p.output_shape[0]};
  }
};

}  // namespace tend
