#pragma once
#include <tuple>

#include "tend/network/layer.h"

namespace tend {

/// @Type@: y = x + x.   x [N,F]  y [N,F].   dx = dy + dy.   Paper: authors (year), equation.
struct @Type@ {
  static constexpr std::string_view about = "One full sentence.";
  static constexpr std::tuple<> fields{};
  static constexpr bool takes_epilogue = true, backward_takes_epilogue = true;

  static std::vector<LayerCase<@Type@>> cases() { return {{{}, {{5}}}, {{}, {{1}}}}; }

  Layout layout(const std::vector<Shape>& inputs) const {
    return {.output = only_input(inputs, "@name@", 1, "rows of features [F]", "put \"flatten\" before it")};
  }
  void forward(Pass& p) const {
    p.backend->add(*p.emitter, p.rows * p.output_shape.count(), {p.inputs[0], p.inputs[0]}, p.output, p.epilogue);
  }
  void backward(Pass& p) const {
    if (p.input_gradients[0])
      p.backend->add(*p.emitter, p.rows * p.output_shape.count(), {p.output_gradient, p.output_gradient}, p.input_gradients[0], p.epilogue);
  }
};

}  // namespace tend
