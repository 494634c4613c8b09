#pragma once
#include "tend/network/pooling.h"

namespace tend {

/// MaxPool2d: y[n,i,j,c] = the largest x in the window; NaN where the window holds a NaN. x [N,H,W,C]  y [N,H',W',C].
/// dx: dy goes to the largest value, the first of equals. Padding is never taken. Kinks where two values of a window are equal.
struct MaxPool2d : Pooling {
  static constexpr std::string_view about = "The largest value of each window of an image, by channel.";
  static constexpr auto fields = pooling_fields<MaxPool2d>();
  static constexpr std::string_view value_field = "size";
  static constexpr bool takes_epilogue = false, backward_takes_epilogue = true, pools = true;

  static std::vector<LayerCase<MaxPool2d>> cases() {
    MaxPool2d two, overlapping;
    overlapping.size = 3, overlapping.stride = 2, overlapping.padding = 1;
    return {{two, {{5, 4, 2}}}, {overlapping, {{5, 5, 3}}}};
  }

  Layout layout(const std::vector<Shape>& inputs) const { return Pooling::layout(inputs, "max_pool2d", 15); }
  void forward(Pass& p) const {
    p.backend->max_pool_forward(*p.emitter, spec(p), p.inputs[0], p.output, p.training ? where(p) : Slot{});
  }
  /// If the slope of the activation before depends only on its value, it is computed from the largest value, y.
  void backward(Pass& p) const {
    if (!p.input_gradients[0]) return;
    Slot dy = p.output_gradient;
    Epilogue slope = p.epilogue;
    if (slope && !slope.functions.needs_input) {
      const std::int64_t count = p.rows * p.output_shape.count();
      dy = p.emitter->temporary(count * p.element_bytes());
      p.backend->pointwise_backward(*p.emitter, count, slope.functions, {}, p.output, p.output_gradient, dy);
      slope = {};
    }
    p.backend->max_pool_backward(*p.emitter, spec(p), dy, where(p), p.input_gradients[0], slope);
  }

 private:
  Slot where(Pass& p) const { return p.keep("where", p.rows * p.output_shape.count()); }
};

}  // namespace tend
