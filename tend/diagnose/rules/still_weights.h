#pragma once
#include "tend/diagnose/evidence.h"

namespace tend {

/// Weights that do not move. All of them: warning, learning-rate-low; below 1e-7 of their size a step is lost in the rounding of
/// float32. One tensor that never changed although others did: warning, its layer gets no gradient.
struct StillWeights {
  double least_ratio = 1e-7;
  std::int64_t least_steps = 50;
  static constexpr auto fields = std::tuple{
      field_of<StillWeights>("least_ratio", &StillWeights::least_ratio, above(0), "",
                             "The least update ratio of weights that move."),
      field_of<StillWeights>("least_steps", &StillWeights::least_steps, at_least(1), "steps", "Shorter runs are not judged.")};
  static constexpr int place = 5;

  std::vector<Finding> find(const History& h) const {
    if (h.steps < least_steps || h.not_finite.step > 0) return {};
    std::vector<const ParameterHistory*> still;
    std::int64_t moving = 0;
    double most = 0;
    for (const ParameterHistory& p : h.parameters) {
      if (!p.is_matrix || p.windows.empty()) continue;
      double largest = 0;
      for (const ParameterWindow& w : p.windows) largest = std::max(largest, w.update_ratio());
      most = std::max(most, largest);
      if (largest == 0) still.push_back(&p);
      else ++moving;
    }
    std::vector<Finding> found;
    if (moving > 0 && most < least_ratio) {  // a single large step moves them, too
      Finding f{.severity = Severity::warning, .first_step = 1};
      f.causes = {{"learning-rate-low", 1}};
      f.evidence = {{"update_ratio", most}, {"threshold", least_ratio}};
      f.message = "The weights hardly move: a step changes them by " + short_number(most) +
                  " of their size; about 1e-3 is usual.";
      f.changes = scaled_rate(h, std::min(1e6, 1e-3 / most));
      found.push_back(std::move(f));
    }
    for (const ParameterHistory* p : still) {
      Finding f{.severity = Severity::warning, .layer = p->layer, .first_step = 1};
      const bool has_gradient = std::any_of(p->windows.begin(), p->windows.end(),
                                            [](const ParameterWindow& w) { return w.gradient_norm > 0; });
      f.causes = has_gradient
                     ? ranked({{"learning-rate-low", 0.9}, {"numerics", 0.1}})
                     : ranked({{"init", 0.4}, {"activation-hidden", 0.3}, {"learning-rate-high", 0.2}, {"architecture", 0.1}});
      f.evidence = {{"steps", static_cast<double>(h.steps)}, {"update_ratio", 0}};
      f.message = p->name + " never changed in " + counted(h.steps, "step") +
                  (has_gradient ? ", although it has a gradient." : ": its gradient is 0 in every step.");
      f.advice = has_gradient ? "Raise the learning rate."
                              : "Look at the layers after " + p->layer + ": nothing passes through them.";
      found.push_back(std::move(f));
    }
    return found;
  }
};

}  // namespace tend
