#pragma once
#include "tend/network/layer.h"

namespace tend {

/// GroupNorm: y = gamma (x - mean) / sqrt(variance + epsilon) + beta, for each row separately, over all places and the C / groups
/// neighbouring channels of a group. x, y [N,C], [N,T,C] or [N,H,W,C]; gamma, beta [C]. With xhat the normalized x:
/// dgamma = sum dy xhat, dbeta = sum dy, dx = (g - mean(g) - xhat mean(g xhat)) / sqrt(variance + epsilon), g = gamma dy, means
/// over a group. Wu and He, 2018, Eq. 1-7. Defaults: 32 groups, as they recommend (an error if C is not a multiple), epsilon
/// 1e-5.
struct GroupNorm {
  static constexpr std::string_view about =
      "Normalizes groups of neighbouring channels of each row, then scales and shifts each channel.";
  int groups = 32;
  double epsilon = 1e-5;

  static constexpr auto fields = std::tuple{
      field_of<GroupNorm>("groups", &GroupNorm::groups, at_least(1), "groups",
                          "The number of groups of channels; each group is normalized together."),
      field_of<GroupNorm>("epsilon", &GroupNorm::epsilon, above(0), "", "A number that is added to the variance.")};
  static constexpr std::string_view value_field = "groups";
  static constexpr bool takes_epilogue = true, backward_takes_epilogue = true, normalizes = true;

  static std::vector<LayerCase<GroupNorm>> cases() {
    return {{{.groups = 2}, {{3, 2, 4}}},
            {{.groups = 1, .epsilon = 0.1}, {{4, 3}}},
            {{.groups = 3, .epsilon = 1}, {{6}}},
            {{.groups = 4}, {{5, 20}}}};
  }

  Layout layout(const std::vector<Shape>& inputs) const {
    if (inputs.size() != 1 || inputs[0].rank() == 0 || inputs[0].rank() > 3)
      throw Error(Trouble::usage, "group_norm", "an input of shape " + (inputs.empty() ? "none" : inputs[0].text()),
                  "rows of features [F], sequences [T, F] or images [H, W, C]");
    if (inputs[0][-1] % groups != 0)
      throw Error(Trouble::usage, "group_norm",
                  std::to_string(inputs[0][-1]) + " channels in " + std::to_string(groups) + " groups",
                  "a number of groups that divides the channels", "set groups");
    const Shape channels{inputs[0][-1]};
    return {.output = inputs[0],
            .parameters = {{.name = "gamma", .shape = channels, .initializer = "ones"},
                           {.name = "beta", .shape = channels, .initializer = "zeros"}}};
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
    return {.rows = p.rows, .places = x.count() / x[-1], .channels = x[-1], .groups = groups, .epsilon = epsilon};
  }
  Slot saved(Pass& p) const { return p.keep("saved", 2 * p.rows * groups * p.element_bytes()); }
};

}  // namespace tend
