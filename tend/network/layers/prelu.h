#pragma once
#include "tend/network/layer.h"

namespace tend {

/// Prelu: y = x where x > 0, otherwise a x, with learned a. x, y [N,...,C]; a [C], or [1] if shared. dx = dy or a dy; da = sum of
/// x dy over x <= 0 (at the kink, 0, the slope is a, as in PyTorch). He et al., 2015, Eq. 1. Default: a starts at 0.25 (as in the
/// paper), one for each channel.
struct Prelu {
  static constexpr std::string_view about = "Keeps positive values and multiplies the others by a learned slope.";
  double slope = 0.25;
  bool shared = false;

  static constexpr auto fields = std::tuple{
      field_of<Prelu>("slope", &Prelu::slope, {}, "", "The initial slope for negative inputs, which is learnt."),
      field_of<Prelu>("shared", &Prelu::shared, {}, "", "Whether all channels share one slope.")};
  static constexpr std::string_view value_field = "slope";
  static constexpr bool takes_epilogue = false, backward_takes_epilogue = false;
  static constexpr std::string_view weight_initializer = "he_normal";

  static std::vector<LayerCase<Prelu>> cases() {
    return {{{}, {{5}}}, {{.slope = -0.5}, {{2, 3, 4}}}, {{.shared = true}, {{3, 2}}}};
  }

  Layout layout(const std::vector<Shape>& inputs) const {
    if (inputs.size() != 1 || inputs[0].rank() == 0)
      throw Error(Trouble::usage, "prelu", "an input of shape " + (inputs.empty() ? "none" : inputs[0].text()),
                  "at least one axis");
    Value start = Value::table();
    start["constant"] = slope;
    return {.output = inputs[0], .parameters = {{.name = "slopes", .shape = {shared ? 1 : inputs[0][-1]}, .initializer = start}}};
  }
  void forward(Pass& p) const { p.backend->prelu_forward(*p.emitter, spec(p), p.inputs[0], p.parameter("slopes"), p.output); }
  void backward(Pass& p) const {
    p.backend->prelu_backward(*p.emitter, spec(p), p.inputs[0], p.parameter("slopes"), p.output_gradient, p.input_gradients[0],
                              p.gradient("slopes"), p.accumulate);
  }

 private:
  PReluSpec spec(const Pass& p) const {
    const Shape& x = p.input_shapes[0];
    return {.rows = p.rows * (x.count() / x[-1]), .channels = x[-1], .is_shared = shared};
  }
};

}  // namespace tend
