#include "tend/monitor/gradient_noise.h"

#include <cmath>

namespace tend {

namespace {

/// Norm of the updates over norm of the gradients, of the last steps.
double size_of_updates(const ParameterHistory& parameter, std::int64_t since) {
  double updates = 0, gradients = 0;
  for (auto w = parameter.windows.rbegin(); w != parameter.windows.rend() && (w == parameter.windows.rbegin() || w->last > since);
       ++w) {
    const auto steps = static_cast<double>(w->last - w->first + 1);
    updates += steps * w->update_norm * w->update_norm;
    gradients += steps * w->gradient_norm * w->gradient_norm;
  }
  return gradients > 0 ? std::sqrt(updates / gradients) : 0;
}

}  // namespace

std::optional<NoiseLook> gradient_noise(const Run& run, const std::vector<ParameterHistory>& parameters) {
  const Plan& plan = run.plan();
  const std::int64_t batch = plan.batch_size(), rows = plan.batches(0).rows(), step = run.counters().step;
  if (2 * batch > rows) return {};
  const std::vector<GradientPair> pairs = run.gradient_pair(static_cast<std::uint32_t>(step));
  if (pairs.empty()) return {};
  NoiseLook look{.step = step, .rows = batch};
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    look.signal += pairs[i].product;
    look.noise += pairs[i].variance;
    if (i < parameters.size())
      look.cost += size_of_updates(parameters[i], step - steps_between_noise_looks) * pairs[i].variance / 4;
  }
  if (!std::isfinite(look.signal) || !std::isfinite(look.noise)) return {};
  // Batches of a training have no row twice, which lowers their variance.
  look.cost *= static_cast<double>(rows - batch) / static_cast<double>(rows - 1) / static_cast<double>(plan.network().members());
  if (plan.experiment().loss.reduction == "sum") look.cost /= static_cast<double>(batch);  // losses are recorded as means
  return look;
}

}  // namespace tend
