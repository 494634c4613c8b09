#pragma once
#include "tend/network/layer.h"

namespace tend {

/// Concat: the inputs side by side along the last axis (features, channels): { concat = ["a", "b"] }. All other axes agree.
/// Each input's gradient is its part of dy.
struct Concat {
  static constexpr std::string_view about = "Joins its inputs along the last axis (features or channels).";
  std::vector<std::string> inputs;

  static constexpr auto fields = std::tuple{
      field_of<Concat>("inputs", &Concat::inputs, {}, "", "The names of the layers whose outputs are joined.")};
  static constexpr std::string_view value_field = "inputs";
  static constexpr bool takes_epilogue = false, backward_takes_epilogue = false, takes_many = true;

  static std::vector<LayerCase<Concat>> cases() {
    return {{{{"a", "b"}}, {{4}, {1}}}, {{{"a", "b", "c"}}, {{2, 2, 3}, {2, 2, 1}, {2, 2, 2}}}};
  }

  Layout layout(const std::vector<Shape>& shapes) const {
    std::vector<std::int64_t> sizes = shapes.at(0).sizes();
    if (sizes.empty())
      throw Error(Trouble::usage, "concat", "inputs of shape " + shapes[0].text(), "inputs with at least one axis");
    sizes.back() = 0;
    for (const Shape& s : shapes) {
      bool fits = s.rank() == shapes[0].rank();
      for (int i = 0; fits && i + 1 < s.rank(); ++i) fits = s[i] == shapes[0][i];
      if (!fits)
        throw Error(Trouble::usage, "concat", "inputs of shapes " + shapes[0].text() + " and " + s.text(),
                    "shapes that differ in the last axis only");
      sizes.back() += s[-1];
    }
    return {.output = Shape(sizes)};
  }
  void forward(Pass& p) const { p.backend->concat(*p.emitter, outer(p), widths(p), p.inputs, p.output); }
  void backward(Pass& p) const { p.backend->split(*p.emitter, outer(p), widths(p), p.output_gradient, p.input_gradients); }

 private:
  std::int64_t outer(const Pass& p) const { return p.rows * p.output_shape.count() / p.output_shape[-1]; }
  std::vector<std::int64_t> widths(const Pass& p) const {
    std::vector<std::int64_t> all;
    for (const Shape& s : p.input_shapes) all.push_back(s[-1]);
    return all;
  }
};

}  // namespace tend
