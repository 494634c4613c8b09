#pragma once
#include <numeric>

#include "tend/diagnose/evidence.h"

namespace tend {

/// A loss that never fell, in a history that has only losses (a log of another program): the mean of its last quarter is not
/// 2 % below that of its first tenth (0.5 % where that is far above the noise), the validation loss did not fall either, and no
/// tenth in between is 30 % below it, which lost_progress judges. Where weights and predictions are known, no_skill and
/// still_weights judge.
struct FlatLoss {
  std::int64_t least_points = 10;
  double least_fall = 0.02, most_noise = 0.1;
  static constexpr auto fields = std::tuple{
      field_of<FlatLoss>("least_points", &FlatLoss::least_points, at_least(4), "", "Shorter histories are not judged."),
      field_of<FlatLoss>("least_fall", &FlatLoss::least_fall, part_of_one(), "",
                         "The relative fall of a loss that counts as one."),
      field_of<FlatLoss>("most_noise", &FlatLoss::most_noise, part_of_one(), "",
                         "The standard error of the difference between end and start, relative to the start, up to which it is "
                         "judged.")};
  static constexpr int place = 6;

  std::vector<Finding> find(const History& h) const {
    const auto n = h.windows.size();
    if (!h.parameters.empty() || h.status != "completed" || static_cast<std::int64_t>(n) < least_points) return {};
    const std::size_t few = std::max<std::size_t>(1, n / 10), many = std::max<std::size_t>(2, n / 4);
    double start = 0, end = 0, squares = 0;
    for (std::size_t i = 0; i < few; ++i) start += h.windows[i].mean / static_cast<double>(few);
    for (std::size_t i = n - many; i < n; ++i) end += h.windows[i].mean / static_cast<double>(many);
    for (std::size_t i = n - many; i < n; ++i) squares += std::pow(h.windows[i].mean - end, 2) / static_cast<double>(many);
    const auto begun = static_cast<std::ptrdiff_t>(
        std::clamp<std::size_t>(n / 200, 1, 5));  // a long log falls in its first points
    const double earliest = std::accumulate(
        h.windows.begin(), h.windows.begin() + begun, 0.0,
        [&](double sum, const StepWindow& w) { return sum + w.mean / static_cast<double>(begun); });
    if (n >= 100 && end < 0.7 * earliest) return {};
    if (!(start > 0) || end < (1 - least_fall) * start || held_out_fell(h)) return {};
    const double noise = noise_of_losses(h) * std::sqrt(1 / static_cast<double>(few) + 1 / static_cast<double>(many));
    if (noise > most_noise * start || start - end > std::max(3 * noise, least_fall / 4 * start)) return {};
    for (std::size_t from = 0; from + few <= n; from += few / 2 + 1) {
      double level = 0;
      for (std::size_t i = from; i < from + few; ++i) level += h.windows[i].mean / static_cast<double>(few);
      if (few > 1 && level < 0.7 * start) return {};
    }
    Finding f{.severity = Severity::warning, .first_step = h.windows.front().first};
    f.causes = ranked({{"learning-rate-low", 0.35},
                       {"learning-rate-high", 0.2},
                       {"activation-hidden", 0.15},
                       {"init", 0.15},
                       {"data-label", 0.15}});
    f.evidence = {{"loss_at_start", start}, {"loss_at_end", end}, {"deviation", std::sqrt(squares)}, {"threshold", least_fall}};
    f.message = "The loss never fell: it was " + short_number(start) + " at the start, and " + short_number(end) +
                " in the last quarter of the " + counted(static_cast<std::int64_t>(n), "recorded value") + ".";
    const double accuracy = metric_of(h.train, "accuracy"), classes = std::round(std::exp(end));
    if (classes >= 2 && std::fabs(std::log(classes) - end) < 0.02 && std::fabs(accuracy * classes - 1) < 0.3)
      f.message += " That is the loss of a guess among " + short_number(classes) + " classes (ln " + short_number(classes) + ").";
    f.advice =
        "Try learning rates ten times as high and as low, then look at the initial weights and at the labels: can the network fit 20 rows?";
    return {f};
  }

 private:
  /// The loss of few rows is noisy; that of all validation rows is less so.
  bool held_out_fell(const History& h) const {
    if (h.epochs.size() < 2) return false;
    return metric_of(h.epochs.back().validation, "loss") < (1 - 2 * least_fall) * metric_of(h.epochs[0].validation, "loss");
  }
};

}  // namespace tend
