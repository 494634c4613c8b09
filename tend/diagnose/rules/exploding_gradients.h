#pragma once
#include "tend/diagnose/evidence.h"

namespace tend {

/// A logged norm of the whole gradient that ends far above its start. warning where the loss rose with it or was not finite at
/// the end; otherwise info, since norms also grow in trainings that go well. info: a norm far above the usual at one point. A
/// rise is more than the noise of the losses. Levels are medians of a fifth at the start and of a tenth at the end. Agents are
/// not judged: their losses and norms rise where they learn.
struct ExplodingGradients {
  std::int64_t least_points = 10;
  double growth = 10, harmless_growth = 100, peak = 100, rise = 0.1;
  static constexpr auto fields = std::tuple{
      field_of<ExplodingGradients>("least_points", &ExplodingGradients::least_points, at_least(4), "",
                                   "Shorter histories are not judged."),
      field_of<ExplodingGradients>("growth", &ExplodingGradients::growth, above(1), "",
                                   "The norm at the end over that at the start, where the loss rose."),
      field_of<ExplodingGradients>("harmless_growth", &ExplodingGradients::harmless_growth, above(1), "",
                                   "The same where the loss did not rise."),
      field_of<ExplodingGradients>("peak", &ExplodingGradients::peak, above(1), "", "The highest norm over the median."),
      field_of<ExplodingGradients>("rise", &ExplodingGradients::rise, part_of_one(), "",
                                   "The relative rise of the loss above its lowest level that counts as one.")};
  static constexpr int place = 5;

  std::vector<Finding> find(const History& h) const {
    std::vector<double> norms, losses;
    std::vector<std::int64_t> steps;
    for (const StepWindow& w : h.windows)
      if (w.gradient_norm && std::isfinite(*w.gradient_norm) && std::isfinite(w.mean))
        norms.push_back(*w.gradient_norm), losses.push_back(w.mean), steps.push_back(w.first);
    const std::size_t n = norms.size(), few = std::max<std::size_t>(3, n / 10);
    if (h.has_rewards || static_cast<std::int64_t>(n) < least_points) return {};
    const auto level = [](const std::vector<double>& values, std::size_t first, std::size_t count) {
      const auto from = values.begin() + static_cast<std::ptrdiff_t>(first);
      return median_of({from, from + static_cast<std::ptrdiff_t>(count)});
    };
    const double start = level(norms, 0, n / 5), end = level(norms, n - few, few), loss = level(losses, n - few, few);
    double lowest = loss;
    for (std::size_t i = 0; i + few <= n; i += few / 2 + 1) lowest = std::min(lowest, level(losses, i, few));
    const bool has_harmed = h.not_finite.step > 0 || has_risen(h, lowest, loss, few);
    if (!(start > 0 && end > (has_harmed ? growth : harmless_growth) * start)) return of_peak(h, norms, steps);
    std::size_t began = n - few;
    while (began > 0 && norms[began - 1] > growth * start) --began;
    Finding f{.severity = has_harmed ? Severity::warning : Severity::info, .first_step = steps[began]};
    f.causes = ranked({{"learning-rate-high", 0.6}, {"numerics", 0.15}, {"init", 0.15}, {"data-quality", 0.1}});
    f.evidence = {{"norm_at_start", start}, {"norm_at_end", end}, {"lowest_loss", lowest}, {"loss_at_end", loss}};
    f.message = "The gradient norm grew from " + short_number(start) + " to " + short_number(end) + ", and is above " +
                short_number(growth) + " times its start since " + at_step(h, steps[began]);
    f.message += !has_harmed ? "; the loss did not rise."
                 : h.not_finite.step == 0
                     ? "; the loss rose with it, from " + short_number(lowest) + " to " + short_number(loss) + "."
                     : "; then numbers were no longer finite.";
    f.advice = advice();
    return {f};
  }

 private:
  /// The lowest of ten medians of independent values lies some 1.9 noises below their level, give or take 1.4.
  bool has_risen(const History& h, double lowest, double loss, std::size_t few) const {
    const double noise = noise_of_losses(h) / std::sqrt(static_cast<double>(few));
    return lowest > 0 && loss > (1 + rise) * lowest && loss > lowest + 7 * noise;
  }

  static std::string advice() {
    return "Clip the gradient norm (1 is usual), lower the learning rate or lengthen its warmup; go on from weights saved before that.";
  }

  std::vector<Finding> of_peak(const History& h, const std::vector<double>& norms, const std::vector<std::int64_t>& steps) const {
    const auto highest = std::max_element(norms.begin(), norms.end());
    const double usual = median_of(norms);
    const auto at = static_cast<std::size_t>(highest - norms.begin());
    if (!(usual > 0 && *highest > peak * usual) || at < norms.size() / 10) return {};  // the first steps may have large gradients
    Finding f{.first_step = steps[at], .step = steps[at]};
    f.causes = ranked({{"data-quality", 0.5}, {"learning-rate-high", 0.5}});
    f.evidence = {{"norm", *highest}, {"usual_norm", usual}, {"threshold", peak}};
    f.message = "The gradient norm jumped to " + short_number(*highest) + " at " + at_step(h, steps[at]) + ", " +
                short_number(*highest / usual) + " times the usual";
    f.message += norms.back() < growth * usual ? ", and came back." : at + 1 == norms.size() ? ", the last one of the log." : ".";
    f.advice = "Clip the gradient norm (1 is usual), and look at the rows of that batch.";
    return {f};
  }
};

}  // namespace tend
