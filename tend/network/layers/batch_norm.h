#pragma once
#include <cmath>

#include "tend/network/layer.h"

namespace tend {

/// BatchNorm: y = gamma (x - mean) / sqrt(variance + epsilon) + beta, by channel over the batch (and all places of images).
/// x, y [N,C] or [N,H,W,C]; gamma, beta [C]. With xhat the normalized x and M values per channel:
/// dgamma = sum dy xhat, dbeta = sum dy, dx = gamma / sqrt(variance + epsilon) (dy - dbeta / M - xhat dgamma / M).
/// Inference uses running statistics: running = momentum running + (1 - momentum) batch (variance unbiased).
/// Ioffe and Szegedy, 2015, Algorithm 1. Defaults: momentum 0.9 (the share kept), epsilon 1e-5, as in PyTorch.
struct BatchNorm {
  static constexpr std::string_view about =
      "Normalizes each channel to mean 0 and variance 1 over the batch, then scales and shifts it; inference uses running statistics.";
  double momentum = 0.9, epsilon = 1e-5;

  static constexpr auto fields = std::tuple{
      field_of<BatchNorm>("momentum", &BatchNorm::momentum, fraction(), "",
                          "The share of the running statistics that is kept in each step."),
      field_of<BatchNorm>("epsilon", &BatchNorm::epsilon, above(0), "", "A number that is added to the variance.")};
  static constexpr bool takes_epilogue = true, backward_takes_epilogue = true, mixes_rows = true, normalizes = true;

  static std::vector<LayerCase<BatchNorm>> cases() { return {{{}, {{3}}}, {{.epsilon = 0.1}, {{2, 3, 2}}}}; }

  Layout layout(const std::vector<Shape>& inputs) const {
    if (inputs.size() != 1 || inputs[0].rank() == 2 || inputs[0].rank() == 0)
      throw Error(Trouble::usage, "batch_norm", "an input of shape " + (inputs.empty() ? "none" : inputs[0].text()),
                  "rows of features [F] or images [H, W, C]");
    const Shape channels{inputs[0][-1]};
    return {.output = inputs[0],
            .parameters = {{.name = "gamma", .shape = channels, .initializer = "ones"},
                           {.name = "beta", .shape = channels, .initializer = "zeros"}},
            .statistics = {{.name = "running_mean", .shape = channels, .initial = 0},
                           {.name = "running_variance", .shape = channels, .initial = 1}}};
  }
  void forward(Pass& p) const {
    const BatchNormSpec s = spec(p);
    if (p.training)
      p.backend->batch_norm_training(*p.emitter, s, p.inputs[0], p.parameter("gamma"), p.parameter("beta"),
                                     p.statistic("running_mean"), p.statistic("running_variance"), saved(p), p.output,
                                     p.epilogue);
    else
      p.backend->batch_norm_inference(*p.emitter, s, p.inputs[0], p.parameter("gamma"), p.parameter("beta"),
                                      p.statistic("running_mean"), p.statistic("running_variance"), p.output, p.epilogue);
  }
  void backward(Pass& p) const {
    p.backend->batch_norm_backward(*p.emitter, spec(p), p.inputs[0], p.parameter("gamma"), saved(p), p.output_gradient,
                                   p.input_gradients[0], p.gradient("gamma"), p.gradient("beta"), p.accumulate, p.epilogue);
  }
  NamedValues identity(const std::vector<double>& mean, const std::vector<double>& variance) const {
    std::vector<double> gamma;
    for (double v : variance) gamma.push_back(std::sqrt(v + epsilon));
    return {{"running_mean", mean}, {"running_variance", variance}, {"gamma", std::move(gamma)}, {"beta", mean}};
  }

 private:
  BatchNormSpec spec(const Pass& p) const {
    const std::int64_t channels = p.input_shapes[0][-1];
    return {
        .rows = p.rows * p.input_shapes[0].count() / channels, .channels = channels, .momentum = momentum, .epsilon = epsilon};
  }
  Slot saved(Pass& p) const { return p.keep("saved", 2 * p.input_shapes[0][-1] * p.element_bytes()); }
};

}  // namespace tend
