#pragma once
#include "tend/diagnose/evidence.h"

namespace tend {

/// A step whose loss is far above those around it, from which the run recovers. info; batch with odd rows, or a rate near the
/// limit. Not judged for packs: networks that begin anew raise their mean loss.
struct LossSpike {
  double factor = 20;
  static constexpr auto fields = std::tuple{field_of<LossSpike>(
      "factor", &LossSpike::factor, above(1), "", "The ratio of the highest loss to the median of the windows around it.")};
  static constexpr int place = 30;

  std::vector<Finding> find(const History& h) const {
    constexpr std::size_t around = 8;
    if (h.status == "diverged" || h.members > 1 || h.windows.size() < 2 * around) return {};
    const StepWindow* worst = nullptr;
    double ratio = factor;
    for (std::size_t i = around; i + around < h.windows.size(); ++i) {
      std::vector<double> near;
      for (std::size_t j = i - around; j <= i + around; ++j)
        if (j != i) near.push_back(h.windows[j].highest);
      const double usual = median_of(std::move(near));
      if (usual > 1e-3 && h.windows[i].highest > ratio * usual) ratio = h.windows[i].highest / usual, worst = &h.windows[i];
    }
    if (!worst) return {};
    Finding f{.first_step = worst->highest_step > 0 ? worst->highest_step : worst->first, .step = worst->last};
    f.causes = ranked({{"learning-rate-high", 0.5}, {"data-quality", 0.4}, {"batch-size", 0.1}});
    f.evidence = {{"loss", worst->highest}, {"times_the_usual", ratio}, {"threshold", factor}};
    f.message = "The loss jumped to " + short_number(worst->highest) +
                (worst->first == worst->last
                     ? " at " + at_step(h, worst->first)
                     : " between steps " + std::to_string(worst->first) + " and " + std::to_string(worst->last)) +
                ", " + short_number(ratio) + " times the usual, and came back.";
    f.changes = {{.path = "update.clip_norm", .value = 1.0}};
    return {f};
  }
};

}  // namespace tend
