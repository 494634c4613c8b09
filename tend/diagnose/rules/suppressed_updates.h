#pragma once
#include <algorithm>
#include <cmath>

#include "tend/diagnose/evidence.h"

namespace tend {

/// Steps that became far smaller within a few dozen steps and stay so, although learning rate and gradient are as large as
/// before: the second moment of Adam and its kind remembers one huge gradient g for some ln(g / usual) / (1 - beta2) steps
/// (Kingma and Ba, 2015, algorithm 1: the step is divided by its root). warning; info where the loss is low already.
struct SuppressedUpdates {
  double fall = 30;
  std::int64_t windows = 10, gap = 60;
  static constexpr auto fields = std::tuple{
      field_of<SuppressedUpdates>("fall", &SuppressedUpdates::fall, above(1), "",
                                  "The size of the steps before, relative to the learning rate, over that after."),
      field_of<SuppressedUpdates>("windows", &SuppressedUpdates::windows, at_least(3), "",
                                  "How many points on each side are compared."),
      field_of<SuppressedUpdates>("gap", &SuppressedUpdates::gap, at_least(0), "steps",
                                  "Steps between both sides, in which the first moment forgets.")};
  static constexpr int place = 15;

  std::vector<Finding> find(const History& h) const {
    constexpr double same_gradient = 5, recovered = 3, learnt = 0.1;
    const Sizes s = sizes_of(h);
    const auto n = std::ssize(s.steps);
    if (n < 3 * windows || h.not_finite.step > 0) return {};
    const double updates_now = median(s.updates, n - windows), gradient_now = median(s.gradients, n - windows);
    for (std::int64_t k = windows, after = 0; k + windows <= n; ++k) {
      while (after < n && s.steps[static_cast<std::size_t>(after)] < s.steps[static_cast<std::size_t>(k)] + gap) ++after;
      if (after + windows > n) return {};
      const double before = median(s.updates, k - windows), gradient = median(s.gradients, k - windows);
      if (!(before > fall * median(s.updates, after)) || !(gradient < same_gradient * median(s.gradients, after))) continue;
      if (!(before > fall / recovered * updates_now) || !(gradient < same_gradient * gradient_now)) continue;
      const auto huge = std::max_element(s.gradients.begin() + k - windows, s.gradients.begin() + after);
      if (!(*huge > fall * gradient)) continue;
      const bool has_learnt = h.windows.back().mean < learnt * h.windows.front().mean;  // small steps suit it
      Finding f{.severity = has_learnt ? Severity::info : Severity::warning,
                .first_step = s.steps[static_cast<std::size_t>(huge - s.gradients.begin())]};
      f.causes = ranked({{"optimizer", 0.7}, {"data-quality", 0.3}});
      f.evidence = {{"update_before", before}, {"update", updates_now}, {"gradient_before", gradient}, {"huge_gradient", *huge}};
      f.message = "Since " + at_step(h, f.first_step) + " the steps are " + short_number(before / updates_now) +
                  " times smaller than before, at the same learning rate and although the gradient is not smaller: the optimizer "
                  "still remembers a gradient that was " +
                  short_number(*huge / gradient) + " times the usual.";
      f.advice =
          "Let the optimizer begin anew (train.interventions, reset_optimizer), and limit such gradients with update.clip_norm.";
      return {f};
    }
    return {};
  }

 private:
  /// By window, over all weights: norms of the steps divided by the learning rate, and of the gradients. Windows without a step
  /// are left out.
  struct Sizes {
    std::vector<std::int64_t> steps;
    std::vector<double> updates, gradients;
  };
  static Sizes sizes_of(const History& h) {
    Sizes s;
    for (std::size_t w = 0; w < h.windows.size(); ++w) {
      double updates = 0, gradients = 0;
      for (const ParameterHistory& p : h.parameters) {
        if (!p.is_matrix || w >= p.windows.size()) continue;
        updates += p.windows[w].update_norm * p.windows[w].update_norm;
        gradients += p.windows[w].gradient_norm * p.windows[w].gradient_norm;
      }
      if (!(updates > 0) || !(gradients > 0) || !(h.windows[w].learning_rate > 0)) continue;
      s.steps.push_back(h.windows[w].first);
      s.updates.push_back(std::sqrt(updates) / h.windows[w].learning_rate);
      s.gradients.push_back(std::sqrt(gradients));
    }
    return s;
  }
  double median(const std::vector<double>& of, std::int64_t first) const {
    return median_of({of.begin() + first, of.begin() + first + windows});
  }
};

}  // namespace tend
