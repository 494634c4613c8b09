#pragma once
#include "tend/diagnose/evidence.h"

namespace tend {

/// A loss that goes up and down at nearly every recorded point of its second half, more regularly than noise does: info, the
/// usual sign of a learning rate near the limit of stability. Of n independent values 2(n - 2)/3 in the mean are turning points,
/// with variance (16n - 29)/90 (Kendall and Stuart, The Advanced Theory of Statistics, vol. 3, 1966, 45.18). The rule asks for
/// 3 deviations more, and for swings that are not small.
struct Oscillation {
  std::int64_t least_points = 20;
  double deviations = 3, least_swing = 0.1;
  static constexpr auto fields = std::tuple{
      field_of<Oscillation>("least_points", &Oscillation::least_points, at_least(8), "", "Shorter second halves are not judged."),
      field_of<Oscillation>("deviations", &Oscillation::deviations, above(0), "",
                            "How far the number of turning points is above that of noise."),
      field_of<Oscillation>("least_swing", &Oscillation::least_swing, part_of_one(), "",
                            "The least median change between points, relative to the median loss.")};
  static constexpr int place = 32;

  std::vector<Finding> find(const History& h) const {
    if (h.status == "diverged" || h.not_finite.step > 0) return {};
    std::vector<double> losses, swings;
    for (std::size_t i = h.windows.size() / 2; i < h.windows.size(); ++i) losses.push_back(h.windows[i].mean);
    if (static_cast<std::int64_t>(losses.size()) < least_points) return {};
    double turns = 0;
    for (std::size_t i = 1; i < losses.size(); ++i) {
      swings.push_back(std::abs(losses[i] - losses[i - 1]));
      if (i + 1 < losses.size()) turns += (losses[i] - losses[i - 1]) * (losses[i + 1] - losses[i]) < 0;
    }
    const double n = static_cast<double>(losses.size()), usual = median_of(losses), swing = median_of(std::move(swings));
    const double most = 2 * (n - 2) / 3 + deviations * std::sqrt((16 * n - 29) / 90);
    if (!(usual > 0 && turns > most && swing > least_swing * usual)) return {};
    Finding f{.first_step = h.windows[h.windows.size() / 2].first};
    f.causes = ranked({{"learning-rate-high", 0.6}, {"data-order", 0.2}, {"batch-size", 0.2}});
    f.evidence = {{"turning_points", turns}, {"threshold", most}, {"swing", swing}, {"median_loss", usual}};
    f.message = "The loss oscillates: in the second half of the run it changes direction at " + short_number(turns) + " of " +
                short_number(n - 2) + " recorded points, by " + percent_text(swing / usual) + " of its size each time.";
    f.advice = "Try a learning rate of a half or a third, and shuffle the rows.";
    return {f};
  }
};

}  // namespace tend
