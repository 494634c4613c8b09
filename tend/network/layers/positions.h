#pragma once
#include "tend/network/layer.h"

namespace tend {

/// Positions: y = x + P, a learned vector for each place.   x, y [N,T,F]  P [T,F].   dx = dy,  dP = sum over N of dy.
/// Gehring et al., 2017, sec. 3.1. P starts normal with deviation 0.02, as in GPT-2.
struct Positions {
  static constexpr std::string_view about = "Adds a learned vector for each place of a sequence.";
  Value initializer = default_initializer();

  static constexpr auto fields = std::tuple{field_of<Positions>("initializer", &Positions::initializer, {}, "",
                                                                "The initializer of the position vectors.", "<initializer>")};
  static constexpr bool takes_epilogue = false, backward_takes_epilogue = true, passes_through = true;

  static std::vector<LayerCase<Positions>> cases() { return {{{}, {{3, 2}}}, {{}, {{1, 5}}}}; }

  Layout layout(const std::vector<Shape>& inputs) const {
    const Shape& x = only_input(inputs, "positions", 2, "rows of places [T, F]",
                                "codes become places of features by \"embedding\"");
    return {.output = x,
            .parameters = {{.name = "weights", .shape = x, .fan_in = x[0], .fan_out = x[1], .initializer = initializer}}};
  }
  void forward(Pass& p) const {
    p.backend->add_to_rows(*p.emitter, p.rows, p.output_shape.count(), p.inputs[0], p.parameter("weights"), p.output);
  }
  void backward(Pass& p) const {
    p.backend->sum_rows(*p.emitter, p.rows, p.output_shape.count(), p.output_gradient, p.gradient("weights"), p.accumulate);
    if (p.input_gradients[0])
      p.backend->add(*p.emitter, p.rows * p.output_shape.count(), {p.output_gradient}, p.input_gradients[0], p.epilogue);
  }

 private:
  static Value default_initializer() {
    Value v = Value::table();
    v["normal"] = 0.02;
    return v;
  }
};

}  // namespace tend
