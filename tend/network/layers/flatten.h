#pragma once
#include "tend/network/layer.h"

namespace tend {

/// Flatten: the same numbers as one axis, row-major: [H,W,C] -> [H W C].
struct Flatten {
  static constexpr std::string_view about = "Turns a row of any shape into a single axis of features.";
  static constexpr std::tuple<> fields{};
  static constexpr bool takes_epilogue = false, backward_takes_epilogue = false, is_view = true;

  static std::vector<LayerCase<Flatten>> cases() { return {{{}, {{3, 2, 2}}}, {{}, {{4}}}}; }

  Layout layout(const std::vector<Shape>& inputs) const { return {.output = {inputs.at(0).count()}}; }
  void forward(Pass&) const {}
  void backward(Pass&) const {}
};

}  // namespace tend
