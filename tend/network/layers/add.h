#pragma once
#include "tend/network/layer.h"

namespace tend {

/// Add: y = sum of the inputs, all of one shape: { add = ["a", "b"] }. Every input's gradient is dy itself (He et al., 2016:
/// residual sum).
struct Add {
  static constexpr std::string_view about = "Adds its inputs, which have the same shape.";
  std::vector<std::string> inputs;

  static constexpr auto fields = std::tuple{
      field_of<Add>("inputs", &Add::inputs, {}, "", "The names of the layers whose outputs are added.")};
  static constexpr std::string_view value_field = "inputs";
  static constexpr bool takes_epilogue = true, backward_takes_epilogue = false, takes_many = true, passes_gradient = true;

  static std::vector<LayerCase<Add>> cases() {
    return {{{{"a", "b"}}, {{4}, {4}}}, {{{"a", "b", "c"}}, {{2, 2, 3}, {2, 2, 3}, {2, 2, 3}}}};
  }

  Layout layout(const std::vector<Shape>& shapes) const {
    for (const Shape& s : shapes)
      if (s != shapes[0])
        throw Error(Trouble::usage, "add", "inputs of shapes " + shapes[0].text() + " and " + s.text(), "inputs of one shape",
                    "project one of them first (dense, or conv2d with kernel = 1)");
    return {.output = shapes.at(0)};
  }
  void forward(Pass& p) const { p.backend->add(*p.emitter, p.rows * p.output_shape.count(), p.inputs, p.output, p.epilogue); }
  void backward(Pass&) const {}
};

}  // namespace tend
