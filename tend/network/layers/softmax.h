#pragma once
#include "tend/network/layer.h"

namespace tend {

/// Softmax: y_k = exp(x_k - max x) / sum over j of exp(x_j - max x), along the last axis. dx = y (dy - sum over j of dy_j y_j).
/// x, y [N,..,K]. Backward reads only y. A row with NaN gives NaN.
struct Softmax {
  static constexpr std::string_view about = "Turns the values along the last axis into probabilities that sum to 1.";
  static constexpr std::tuple<> fields{};
  static constexpr bool takes_epilogue = false, backward_takes_epilogue = false;
  static constexpr OutputKind output = OutputKind::probabilities;
  static constexpr double lowest = 0, highest = 1, steepest_slope = 0.25;

  static std::vector<LayerCase<Softmax>> cases() { return {{{}, {{4}}}, {{}, {{2, 2, 3}}}, {{}, {{1}}}}; }

  Layout layout(const std::vector<Shape>& inputs) const { return {.output = inputs.at(0)}; }
  void forward(Pass& p) const {
    p.backend->softmax_forward(*p.emitter, outer(p), p.output_shape[-1], false, p.inputs[0], p.output);
  }
  void backward(Pass& p) const {
    if (p.input_gradients[0])
      p.backend->softmax_backward(*p.emitter, outer(p), p.output_shape[-1], false, p.output, p.output_gradient,
                                  p.input_gradients[0]);
  }

 private:
  std::int64_t outer(const Pass& p) const { return p.rows * p.output_shape.count() / p.output_shape[-1]; }
};

}  // namespace tend
