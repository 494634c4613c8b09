#pragma once
#include <algorithm>

#include "tend/diagnose/evidence.h"

namespace tend {

/// A loss that ends above 3 times its start, with finite numbers: critical. "Break out at 3 times the original cost" (CS231n,
/// lecture 6).
struct Divergence {
  static constexpr auto fields = std::tuple<>{};
  static constexpr int place = 1;

  std::vector<Finding> find(const History& h) const {
    const double first = metric_of(h.initial, "loss"), last = metric_of(h.train, "loss");
    if (!h.has_ended || h.status != "diverged" || h.not_finite.step > 0 || !(first > 0 && last > 3 * first)) return {};
    Finding f{.severity = Severity::critical};
    for (const StepWindow& w : h.windows)
      if (f.first_step == 0 && w.mean > 3 * first) f.first_step = w.first;
    const double ratio = largest_update_ratio(h);
    f.evidence = {{"loss_at_start", first}, {"loss_at_end", last}};
    if (!h.parameters.empty()) f.evidence.emplace_back("largest_update_ratio", ratio);
    f.causes = ranked({{"learning-rate-high", 0.8}, {"data-scale", 0.15}, {"init", 0.05}});
    const auto lowest = std::min_element(h.windows.begin(), h.windows.end(),
                                         [](const StepWindow& a, const StepWindow& b) { return a.mean < b.mean; });
    const bool had_fallen = lowest != h.windows.end() && lowest->mean < 0.5 * first;
    f.message = "The training diverged: the loss " +
                (had_fallen ? "fell from " + short_number(first) + " to " + short_number(lowest->mean) + " at " +
                                  at_step(h, lowest->last) + ", then rose"
                            : "rose from " + short_number(first)) +
                " to " + short_number(last) + ".";
    if (!h.parameters.empty())
      f.message += " Steps changed weights by up to " + percent_text(ratio) + " of their size; about 0.1 % is usual.";
    f.changes = lower_rate(h);
    f.advice = lower_rate_advice(f);
    return {f};
  }
};

}  // namespace tend
