#pragma once
#include "tend/diagnose/evidence.h"

namespace tend {

/// A loss that stays at its first value for a good part of the run and falls only then: info. The network leaves a place where
/// gradients are small: weights that start too small or alike, saturated units, or a rate that is too low at first. The fall is
/// the scale: the plateau ends where the median of five points has made a tenth of it. An exponential fall to 5 % of the start
/// makes a tenth in the first 4 % of its steps; the rule asks for a quarter.
struct LateFall {
  std::int64_t least_points = 20;
  double least_fall = 0.3, least_share = 0.25;
  static constexpr auto fields = std::tuple{
      field_of<LateFall>("least_points", &LateFall::least_points, at_least(10), "", "Shorter histories are not judged."),
      field_of<LateFall>("least_fall", &LateFall::least_fall, part_of_one(), "", "The relative fall of a loss that is judged."),
      field_of<LateFall>("least_share", &LateFall::least_share, part_of_one(), "", "The share of the steps without a fall.")};
  static constexpr int place = 33;

  std::vector<Finding> find(const History& h) const {
    const std::size_t n = h.windows.size();
    if (h.status == "diverged" || h.not_finite.step > 0 || static_cast<std::int64_t>(n) < least_points) return {};
    const auto level = [&](std::size_t first, std::size_t past) {
      std::vector<double> values;
      for (std::size_t i = first; i < past; ++i) values.push_back(h.windows[i].mean);
      return median_of(std::move(values));
    };
    const std::size_t few = std::max<std::size_t>(3, n / 20);
    const double start = level(0, few), end = level(n - few, n);
    if (!(start > 0 && end < (1 - least_fall) * start)) return {};
    std::size_t leaves = 0;
    while (leaves + 5 < n && level(leaves, leaves + 5) > start - 0.1 * (start - end)) ++leaves;
    for (std::size_t i = 0; i < leaves; ++i)  // a loss that rose first did not rest
      if (level(i, i + 5) > start + 0.2 * (start - end)) return {};
    const std::int64_t first = h.windows.front().first, last = h.windows.back().last, step = h.windows[leaves].last;
    const double share = static_cast<double>(step - first) / static_cast<double>(std::max<std::int64_t>(1, last - first));
    if (share < least_share) return {};
    const bool is_warmup = h.windows.front().learning_rate < 0.5 * h.windows[leaves].learning_rate;
    Finding f{.first_step = first, .step = step};
    f.causes = ranked(
        {{"init", is_warmup ? 0.2 : 0.5}, {"learning-rate-low", is_warmup ? 0.6 : 0.25}, {"activation-hidden", 0.2}});
    f.evidence = {{"loss_at_start", start}, {"loss_at_end", end}, {"share_of_steps", share}, {"threshold", least_share}};
    f.message = "The loss stayed near " + short_number(start) + " until " + at_step(h, step) + ", for " + percent_text(share) +
                " of the training, and then fell to " + short_number(end) + ".";
    f.advice = is_warmup ? "Shorten the warmup of the learning rate."
                         : "Look at the initial weights (He before ReLU, Glorot before tanh), and try a higher learning rate.";
    return {f};
  }
};

}  // namespace tend
