#pragma once
#include "tend/network/layer.h"

namespace tend {

/// Dense: y = x W + b.   x [N,F]  W [F,K]  b [K]  y [N,K].   dx = dy W^T,  dW = x^T dy,  db = sum over N of dy.
struct Dense : Weighted {
  int units = 1;

  static constexpr auto fields = std::tuple_cat(
      std::tuple{field_of<Dense>("units", &Dense::units, at_least(1), "units", "width of the output, K")}, weighted_fields<Dense>());
  static constexpr std::string_view value_field = "units";
  static constexpr bool takes_epilogue = true, backward_takes_epilogue = true;

  static std::vector<LayerCase<Dense>> cases() {
    Dense three, plain;
    three.units = 3;
    plain.units = 2;
    plain.bias = false;
    return {{three, {{5}}}, {plain, {{1}}}};
  }

  Layout layout(const std::vector<Shape>& inputs) const {
    const Shape& x = only_input(inputs, "dense", 1, "rows of features [F]", "put \"flatten\" before it");
    return {{units}, parameters({x[0], units}, x[0], units), {}, {}};
  }
  void forward(Pass& p) const {
    p.backend->dense_forward(*p.emitter, spec(p), p.inputs[0], p.parameter("weights"), bias ? p.parameter("bias") : Slot{}, p.output,
                             p.epilogue);
  }
  void backward(Pass& p) const {
    p.backend->dense_backward_weights(*p.emitter, spec(p), p.inputs[0], p.output_gradient, p.gradient("weights"),
                                      bias ? p.gradient("bias") : Slot{}, p.accumulate);
    if (p.input_gradients[0])
      p.backend->dense_backward_data(*p.emitter, spec(p), p.output_gradient, p.parameter("weights"), p.input_gradients[0], p.epilogue);
  }

 private:
  DenseSpec spec(const Pass& p) const { return {p.rows, p.input_shapes[0][0], units}; }
};

}  // namespace tend
