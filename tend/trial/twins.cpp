#include "tend/trial/twins.h"

#include <cmath>

namespace tend {

namespace {

constexpr double rounding = 1e-6, unlike = 1e-3;  // of sums of floats; of a movement

struct Suspect {
  std::size_t node;
  std::size_t parameter;
  std::int64_t units;
};

/// Do the units of w [.., units] hold the same numbers, up to `tolerance` of their size?
bool are_alike(const std::vector<double>& w, std::int64_t units, double tolerance) {
  double spread = 0, size = 0;
  const auto n = static_cast<std::size_t>(units);
  for (std::size_t first = 0; first < w.size(); first += n) {
    double sum = 0;
    for (std::size_t u = 0; u < n; ++u) sum += w[first + u];
    for (std::size_t u = 0; u < n; ++u) {
      spread += std::pow(w[first + u] - sum / static_cast<double>(n), 2);
      size += std::pow(w[first + u], 2);
    }
  }
  return !(spread > tolerance * tolerance * size);
}

double norm_of(const std::vector<double>& w) {
  double squares = 0;
  for (double v : w) squares += v * v;
  return std::sqrt(squares);
}

std::vector<double> weights_of(const Run& run, std::size_t parameter) {
  const std::span<const float> weights = run.weights(parameter);
  return {weights.begin(), weights.end()};
}

std::vector<Suspect> suspects_of(const Run& run) {
  const std::vector<Node>& nodes = run.plan().network().nodes();
  std::size_t last = 0, p = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (!nodes[i].layout.parameters.empty()) last = i;
  std::vector<Suspect> found;
  for (std::size_t i = 0; i < nodes.size(); ++i)
    for (const ParameterSpec& spec : nodes[i].layout.parameters) {
      const std::size_t parameter = p++;
      const std::int64_t units = spec.shape[-1];
      if (i < last && spec.shape.rank() > 1 && units > 1 && are_alike(weights_of(run, parameter), units, rounding))
        found.push_back({.node = i, .parameter = parameter, .units = units});
    }
  return found;
}

/// A rate that moves all weights together by about a hundredth of their size.
double small_rate(const Look& look) {
  double weights = 0, gradients = 0;
  for (const ParameterLook& p : look.parameters) {
    weights += std::pow(p.weight_norm, 2);
    gradients += std::pow(p.gradient_norm, 2);
  }
  return gradients > 0 ? 0.01 * std::sqrt((weights + 1e-6) / gradients) : 1;
}

}  // namespace

std::vector<std::size_t> units_that_stay_alike(const TrialContext& context) {
  const std::vector<Suspect> suspects = suspects_of(context.run());
  std::vector<std::size_t> found;
  if (suspects.empty()) return found;
  Experiment plain = context.experiment();
  plain.update.optimizer = "sgd";
  TrialOptions options;
  options.feed.rows = context.few_rows(64);
  const auto trial = context.trial(plain, options);
  trial->set(".rate", 0);
  const double rate = small_rate(context.start());
  for (int step = 0; step < 3; ++step) trial->step(rate);
  for (const Suspect& suspect : suspects) {
    const std::vector<double> then = weights_of(context.run(), suspect.parameter);
    std::vector<double> moved = weights_of(trial->run(), suspect.parameter);
    for (std::size_t e = 0; e < moved.size(); ++e) moved[e] -= then[e];
    if (norm_of(moved) <= rounding * norm_of(then) || are_alike(moved, suspect.units, unlike)) found.push_back(suspect.node);
  }
  return found;
}

}  // namespace tend
