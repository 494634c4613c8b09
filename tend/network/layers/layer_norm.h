#pragma once
#include "tend/network/layer.h"

namespace tend {

/// LayerNorm: y = gamma (x - mean) / sqrt(variance + epsilon) + beta, for each row separately. x, y [N,...]; gamma, beta [...].
/// With xhat the normalized x and M numbers: dgamma = sum over N of dy xhat, dbeta = sum of dy,
/// dx = (g - mean(g) - xhat mean(g xhat)) / sqrt(variance + epsilon), g = gamma dy. Ba, Kiros and Hinton, 2016, Eq. 4.
/// over = "row": all axes of a row together, as PyTorch's LayerNorm(shape of a row); "last": only the last axis, each place of a
/// sequence or image separately, gamma, beta [C], as in transformers. Default: epsilon 1e-5, as in PyTorch.
struct LayerNorm {
  static constexpr std::string_view about =
      "Normalizes each row, or each place of it, to mean 0 and variance 1, then scales and shifts.";
  double epsilon = 1e-5;
  std::string over = "row";

  static constexpr auto fields = std::tuple{
      field_of<LayerNorm>("epsilon", &LayerNorm::epsilon, above(0), "", "A number that is added to the variance."),
      field_of<LayerNorm>("over", &LayerNorm::over, {}, "", "What is normalized together: a whole row, or its last axis.",
                          "row last")};
  static constexpr bool takes_epilogue = true, backward_takes_epilogue = true, normalizes = true;

  static std::vector<LayerCase<LayerNorm>> cases() {
    return {{{}, {{5}}}, {{}, {{37}}}, {{.epsilon = 0.1}, {{2, 3, 2}}}, {{.over = "last"}, {{3, 4}}}};
  }

  Layout layout(const std::vector<Shape>& inputs) const {
    if (inputs.size() != 1 || inputs[0].rank() == 0)
      throw Error(Trouble::usage, "layer_norm", "an input of shape " + (inputs.empty() ? "none" : inputs[0].text()),
                  "at least one axis");
    const Shape learnt = over == "row" ? inputs[0] : Shape{inputs[0][-1]};
    return {.output = inputs[0],
            .parameters = {{.name = "gamma", .shape = learnt, .initializer = "ones"},
                           {.name = "beta", .shape = learnt, .initializer = "zeros"}}};
  }
  void forward(Pass& p) const {
    p.backend->group_norm_forward(*p.emitter, spec(p), p.inputs[0], p.parameter("gamma"), p.parameter("beta"), saved(p), p.output,
                                  p.epilogue);
  }
  void backward(Pass& p) const {
    p.backend->group_norm_backward(*p.emitter, spec(p), p.inputs[0], p.parameter("gamma"), saved(p), p.output_gradient,
                                   p.input_gradients[0], p.gradient("gamma"), p.gradient("beta"), p.accumulate, p.epilogue);
  }

 private:
  GroupNormSpec spec(const Pass& p) const {
    const Shape& x = p.input_shapes[0];
    const std::int64_t together = over == "row" ? x.count() : x[-1];
    return {.rows = p.rows * (x.count() / together), .channels = together, .epsilon = epsilon};
  }
  Slot saved(Pass& p) const { return p.keep("saved", 2 * spec(p).rows * p.element_bytes()); }
};

}  // namespace tend
