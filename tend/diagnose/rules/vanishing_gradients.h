#pragma once
#include "tend/diagnose/evidence.h"

namespace tend {

/// The gradient of some layer is far smaller than the gradient of the last one, in proportion to its size (Hochreiter, 1991;
/// Glorot and Bengio, 2010). By the median over the run of the root mean square of each matrix's gradient. warning where the
/// network has hardly learned anything either, otherwise info: deep networks that learn have small gradients in front, too.
struct VanishingGradients {
  double least_ratio = 1e-4;
  std::int64_t least_steps = 50;
  static constexpr auto fields = std::tuple{
      field_of<VanishingGradients>("least_ratio", &VanishingGradients::least_ratio, part_of_one(), "",
                                   "The least gradient of a layer over that of the last one."),
      field_of<VanishingGradients>("least_steps", &VanishingGradients::least_steps, at_least(1), "steps",
                                   "Shorter runs are not judged.")};
  static constexpr int place = 15;

  std::vector<Finding> find(const History& h) const {
    if (!has_run_to_an_end(h) || h.steps < least_steps || h.not_finite.step > 0) return {};
    const ParameterHistory *smallest = nullptr, *last = nullptr;
    for (const ParameterHistory& p : h.parameters) {
      if (!p.is_matrix || p.windows.empty()) continue;
      if (!smallest || size_of_gradient(p) < size_of_gradient(*smallest)) smallest = &p;
      last = &p;
    }
    if (!smallest || smallest == last || !(size_of_gradient(*last) > 0)) return {};
    const double ratio = size_of_gradient(*smallest) / size_of_gradient(*last);
    if (!(ratio > 0 && ratio < least_ratio)) return {};  // 0: still_weights judges
    Finding f{.severity = has_hardly_learned(h) ? Severity::warning : Severity::info, .layer = smallest->layer, .first_step = 1};
    f.causes = ranked({{"activation-hidden", 0.45}, {"init", 0.3}, {"depth", 0.25}});
    f.evidence = {{"ratio", ratio}, {"threshold", least_ratio}};
    f.message = "The gradient vanishes on its way to " + smallest->layer + ": for its size it is " + short_number(ratio) +
                " of that of " + last->layer +
                (f.severity == Severity::warning ? ", and the network has hardly learned anything." : ".");
    f.advice = "Use relu in place of bounded activations, he_normal weights, a normalization, or fewer layers.";
    return {f};
  }

 private:
  static double size_of_gradient(const ParameterHistory& p) {
    std::vector<double> norms;
    for (const ParameterWindow& w : p.windows) norms.push_back(w.gradient_norm);
    return median_of(std::move(norms)) / std::sqrt(static_cast<double>(std::max<std::int64_t>(1, p.elements)));
  }
};

}  // namespace tend
