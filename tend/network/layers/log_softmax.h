#pragma once
#include "tend/network/layer.h"

namespace tend {

/// LogSoftmax: y_k = x_k - max x - log(sum over j of exp(x_j - max x)), along the last axis. dx = dy - exp(y) sum over j of dy_j.
/// x, y [N,..,K]. Backward reads only y. A row with NaN gives NaN.
struct LogSoftmax {
  static constexpr std::string_view about = "The logarithm of softmax along the last axis.";
  static constexpr std::tuple<> fields{};
  static constexpr bool takes_epilogue = false, backward_takes_epilogue = false;
  static constexpr OutputKind output = OutputKind::log_probabilities;
  static constexpr double highest = 0;

  static std::vector<LayerCase<LogSoftmax>> cases() { return {{{}, {{4}}}, {{}, {{2, 2, 3}}}, {{}, {{1}}}}; }

  Layout layout(const std::vector<Shape>& inputs) const { return {.output = inputs.at(0)}; }
  void forward(Pass& p) const {
    p.backend->softmax_forward(*p.emitter, outer(p), p.output_shape[-1], true, p.inputs[0], p.output);
  }
  void backward(Pass& p) const {
    if (p.input_gradients[0])
      p.backend->softmax_backward(*p.emitter, outer(p), p.output_shape[-1], true, p.output, p.output_gradient,
                                  p.input_gradients[0]);
  }

 private:
  std::int64_t outer(const Pass& p) const { return p.rows * p.output_shape.count() / p.output_shape[-1]; }
};

}  // namespace tend
