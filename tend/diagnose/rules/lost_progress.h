#pragma once
#include "tend/diagnose/evidence.h"

namespace tend {

/// A training loss that fell well below its start and ended at its start again, or above it, without reaching 3 times the start,
/// which divergence judges: warning, since the last state is useless; info where the run keeps its best state. Levels are medians
/// of a tenth of the points, so that a spike is none.
struct LostProgress {
  std::int64_t least_points = 10;
  double least_fall = 0.3;
  static constexpr auto fields = std::tuple{
      field_of<LostProgress>("least_points", &LostProgress::least_points, at_least(4), "", "Shorter histories are not judged."),
      field_of<LostProgress>("least_fall", &LostProgress::least_fall, part_of_one(), "",
                             "The relative fall of the loss that counts as progress.")};
  static constexpr int place = 7;

  std::vector<Finding> find(const History& h) const {
    const std::size_t n = h.windows.size(), few = std::max<std::size_t>(3, n / 10);
    if (!h.has_ended || h.status == "diverged" || h.not_finite.step > 0 || static_cast<std::int64_t>(n) < least_points ||
        !std::isfinite(metric_of(h.train, "loss")))
      return {};
    double start = 0, lowest = 0, end = 0;
    std::size_t lowest_at = 0;
    for (std::size_t first = 0;; first = std::min(first + few / 2 + 1, n - few)) {
      std::vector<double> values;
      for (std::size_t i = first; i < first + few; ++i) values.push_back(h.windows[i].mean);
      end = median_of(std::move(values));
      if (first == 0) start = lowest = end;
      if (end < lowest) lowest = end, lowest_at = first + few - 1;
      if (first == n - few) break;
    }
    const double noise = noise_of_losses(h) / std::sqrt(static_cast<double>(few));
    if (!(start > 0 && lowest < (1 - least_fall) * start && lowest < start - 4 * noise && end >= start)) return {};
    Finding f{.severity = h.restores_best ? Severity::info : Severity::warning, .first_step = h.windows[lowest_at].last};
    f.causes = ranked({{"learning-rate-high", 0.7}, {"numerics", 0.15}, {"data-order", 0.15}});
    f.evidence = {{"loss_at_start", start}, {"lowest_loss", lowest}, {"loss_at_end", end}, {"threshold", least_fall}};
    f.message = "The training lost what it had learned: the loss fell from " + short_number(start) + " to " +
                short_number(lowest) + " at " + at_step(h, h.windows[lowest_at].last) + ", and rose to " + short_number(end) +
                " at the end.";
    f.changes = lower_rate(h);
    if (f.changes.empty()) f.advice = "Use the state from there, and train with a learning rate of a tenth.";
    return {f};
  }
};

}  // namespace tend
