#pragma once
#include <array>

#include "tend/diagnose/evidence.h"

namespace tend {

/// The noise of the gradient keeps the loss up: the loss has stopped falling at a rate that does not fall either, and the
/// measured cost of the noise (monitor/gradient_noise.h: Mandt, Hoffman and Blei, 2017, eq. 13; the size of updates times the
/// variance of the gradient over 4) is a large part of it, beyond a standard error of its measurements. A larger batch lowers
/// this cost in proportion, as does a lower rate. warning where it is half of the loss, and the network has less than `learned`
/// of what lies between a guess and a perfect answer; otherwise info. Of 41 healthy programs none has a cost of more than 0.18 of
/// its loss.
struct NoisyGradients {
  double half = 0.5, part = 0.25, fall = 0.03, learned = 0.9;
  std::int64_t least_looks = 4;
  static constexpr auto fields = std::tuple{
      field_of<NoisyGradients>("half", &NoisyGradients::half, part_of_one(), "", "The part of the loss that is a warning."),
      field_of<NoisyGradients>("part", &NoisyGradients::part, part_of_one(), "", "The part of the loss that is worth knowing."),
      field_of<NoisyGradients>("fall", &NoisyGradients::fall, part_of_one(), "",
                               "The relative fall of the loss in the last quarter of the steps that counts as one."),
      field_of<NoisyGradients>("learned", &NoisyGradients::learned, part_of_one(), "",
                               "A network that has learned so much of its training rows has no warning."),
      field_of<NoisyGradients>("least_looks", &NoisyGradients::least_looks, at_least(1), "",
                               "Measurements in the second half of the run; with fewer it is not judged.")};
  static constexpr int place = 34;

  std::vector<Finding> find(const History& h) const {
    if (!has_run_to_an_end(h) || h.noise.empty() || h.windows.empty()) return {};
    const auto [looks, cost, error] = cost_of_second_half(h);
    const double before = mean_loss(h, h.steps / 2, h.steps * 3 / 4), now = mean_loss(h, h.steps * 3 / 4, h.steps),
                 share = (cost - error) / now;
    if (looks < static_cast<double>(least_looks) || !(now > 0 && now > (1 - fall) * before && share >= part)) return {};
    double highest = 0;
    for (const StepWindow& w : h.windows) highest = std::max(highest, w.learning_rate);
    if (h.windows.back().learning_rate < highest / 2) return {};
    Finding f{.severity = share >= half && has_more_to_learn(h) ? Severity::warning : Severity::info, .first_step = h.steps / 2};
    f.causes = ranked({{"batch-size", 0.6}, {"learning-rate-high", 0.4}});
    const std::int64_t rows = h.noise.back().rows;
    f.evidence = {
        {"cost", cost}, {"standard_error", error}, {"loss", now}, {"threshold", part}, {"batch_size", static_cast<double>(rows)}};
    if (const double scale = noise_scale(h.noise); std::isfinite(scale)) f.evidence.emplace_back("noise_scale", scale);
    f.message = "The gradient is too noisy for batches of " + counted(rows, "row") +
                " at this learning rate: the loss no longer falls, and of its " + short_number(now) + " about " +
                short_number(cost) +
                " come from this noise. A larger batch lowers that part in proportion, as does a lower rate.";
    f.changes = larger_batch(h, rows, share);
    if (f.changes.empty()) f.changes = scaled_rate(h, std::clamp(0.1 / share, 0.03, 0.3));
    return {f};
  }

 private:
  /// Number of looks, mean cost, and the standard error of that mean.
  static std::array<double, 3> cost_of_second_half(const History& h) {
    double looks = 0, sum = 0, squares = 0;
    for (const NoiseLook& look : h.noise)
      if (2 * look.step > h.steps) ++looks, sum += look.cost, squares += look.cost * look.cost;
    if (looks < 2) return {looks, sum, HUGE_VAL};
    return {looks, sum / looks, std::sqrt(std::max(0.0, squares / looks - sum * sum / (looks * looks)) / (looks - 1))};
  }

  /// The mean over the steps after `from` and up to `to`.
  static double mean_loss(const History& h, std::int64_t from, std::int64_t to) {
    double sum = 0, steps = 0;
    for (const StepWindow& w : h.windows)
      if (w.first > from && w.last <= to) {
        const auto n = static_cast<double>(w.last - w.first + 1);
        sum += n * w.mean, steps += n;
      }
    return steps > 0 ? sum / steps : std::nan("");
  }

  bool has_more_to_learn(const History& h) const { return !(learned_part(h) >= learned); }

  /// The next power of two that lowers the cost to a tenth of the loss, at most 32 times as large and with 8 steps in an epoch.
  static std::vector<Change> larger_batch(const History& h, std::int64_t rows, double share) {
    std::int64_t factor = 1;
    while (factor < 32 && static_cast<double>(factor) < share / 0.1 && h.steps_per_epoch / (2 * factor) >= 8) factor *= 2;
    if (factor < 2) return {};
    return {{.path = "train.batch_size", .value = rows * factor}};
  }
};

}  // namespace tend
