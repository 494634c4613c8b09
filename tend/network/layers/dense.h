#pragma once
#include "tend/network/layer.h"

namespace tend {

/// Dense: y = x W + b.   x [N,F]  W [F,K]  b [K]  y [N,K].   dx = dy W^T,  dW = x^T dy,  db = sum over N of dy.
/// Places x [N,T,F] give y [N,T,K]: each place separately, with the same W and b.
struct Dense : Weighted {
  static constexpr std::string_view about =
      "Each output is a weighted sum of all inputs plus a bias; a sequence is transformed place by place.";
  int units = 1;

  static constexpr auto fields = std::tuple_cat(
      std::tuple{field_of<Dense>("units", &Dense::units, at_least(1), "units", "The width of the output.")},
      weighted_fields<Dense>());
  static constexpr std::string_view value_field = "units";
  static constexpr bool takes_epilogue = true, backward_takes_epilogue = true, is_product = true;

  static std::vector<LayerCase<Dense>> cases() {
    Dense three, plain;
    three.units = 3;
    plain.units = 2;
    plain.bias = false;
    return {{three, {{5}}}, {plain, {{1}}}, {three, {{4, 2}}}};
  }

  Layout layout(const std::vector<Shape>& inputs) const {
    const bool has_places = inputs.size() == 1 && inputs[0].rank() == 2;
    const Shape& x = only_input(inputs, "dense", has_places ? 2 : 1, "rows of features [F], or of places [T, F]",
                                "put \"flatten\" before it");
    return {.output = has_places ? Shape{x[0], units} : Shape{units}, .parameters = parameters({x[-1], units}, x[-1], units)};
  }
  void forward(Pass& p) const {
    p.backend->dense_forward(*p.emitter, spec(p), p.inputs[0], p.parameter("weights"), bias ? p.parameter("bias") : Slot{},
                             p.output, p.epilogue);
  }
  void backward(Pass& p) const {
    p.backend->dense_backward_weights(*p.emitter, spec(p), p.inputs[0], p.output_gradient, p.gradient("weights"),
                                      bias ? p.gradient("bias") : Slot{}, p.accumulate);
    if (p.input_gradients[0])
      p.backend->dense_backward_data(*p.emitter, spec(p), p.output_gradient, p.parameter("weights"), p.input_gradients[0],
                                     p.epilogue);
  }

 private:
  DenseSpec spec(const Pass& p) const {
    const Shape& x = p.input_shapes[0];
    return {.rows = p.rows * x.count() / x[-1], .inputs = x[-1], .outputs = units};
  }
};

}  // namespace tend
