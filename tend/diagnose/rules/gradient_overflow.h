#pragma once
#include "tend/diagnose/evidence.h"

namespace tend {

/// A logged loss that is exactly 0 at once, or a logged gradient norm that is not finite until the end: critical. Half precision
/// overflows: the loss is NaN, and the Trainer of Hugging Face writes it as 0 (logging_nan_inf_filter), or a scaler of the loss
/// leaves out each step. Some such norms are usual where a scaler begins. A norm of 0 beside a loss of 0: no row counts in the
/// loss. A loss that fell to 0 bit by bit is none, and neither are norms that are not finite while the loss falls. Without a norm
/// it is a warning at most: losses that reach 0 (hinge, rounded ones) are healthy. Of agents only norms are judged.
struct GradientOverflow {
  std::int64_t least_points = 3;
  double least_jump = 0.1, least_before = 0.5;
  static constexpr auto fields = std::tuple{
      field_of<GradientOverflow>("least_points", &GradientOverflow::least_points, at_least(1), "",
                                 "How many gradient norms at the end must not be finite."),
      field_of<GradientOverflow>("least_jump", &GradientOverflow::least_jump, part_of_one(), "",
                                 "The loss before a loss of 0, relative to the first one, that counts as a jump."),
      field_of<GradientOverflow>("least_before", &GradientOverflow::least_before, above(0), "",
                                 "The same where no gradient norm is logged, not relative.")};
  static constexpr int place = 2;

  std::vector<Finding> find(const History& h) const {
    if (!h.parameters.empty()) return {};
    if (const auto zero = first_zero(h); zero < h.windows.size()) return {of_zero_loss(h, zero)};
    const std::size_t n = h.windows.size();
    std::size_t first = n;
    while (first > 0 && is_not_finite(h.windows[first - 1])) --first;
    const auto usual = [&](std::size_t from, std::size_t past) {
      std::vector<double> losses;
      for (std::size_t i = from; i < past; ++i) losses.push_back(h.windows[i].mean);
      return median_of(std::move(losses));
    };
    if (h.not_finite.phase == "loss" || static_cast<std::int64_t>(n - first) < least_points || 10 * (n - first) < n) return {};
    const std::size_t few = (n - first + 2) / 3;
    if (usual(n - few, n) < 0.95 * usual(first, first + few)) return {};  // it learns: the column is wrong, not the training
    Finding f{.severity = Severity::critical, .first_step = h.windows[first].first};
    f.message = "The gradient norm is not finite from " + at_step(h, h.windows[first].first) +
                " to the end, and the loss does not fall: the steps are left out, or spoil the weights.";
    explain(h.windows[first], f);
    return {f};
  }

 private:
  static bool is_not_finite(const StepWindow& w) { return w.gradient_norm && !std::isfinite(*w.gradient_norm); }

  /// The first loss of exactly 0 that is none of a training that has fitted all; the number of windows if there is none.
  std::size_t first_zero(const History& h) const {
    const std::size_t n = h.windows.size();
    const auto is_zero = [](const StepWindow& w) { return w.mean == 0; };
    const auto i = static_cast<std::size_t>(std::find_if(h.windows.begin(), h.windows.end(), is_zero) - h.windows.begin());
    if (i == n || is_not_finite(h.windows[i])) return i;
    const bool stays = std::all_of(h.windows.begin() + static_cast<std::ptrdiff_t>(i), h.windows.end(),
                                   [](const StepWindow& w) { return w.mean == 0 && w.gradient_norm.value_or(0) == 0; });
    if (!stays || h.has_rewards || static_cast<std::int64_t>(n - i) < least_points) return n;
    if (i == 0) return h.windows[0].gradient_norm ? 0 : n;
    const bool is_jump = h.windows[i - 1].mean > least_jump * std::fabs(h.windows[0].mean) && !fell_towards_0(h, i);
    const bool is_known = h.windows[i].gradient_norm || (h.windows[i - 1].mean >= least_before && !is_evaluated_since(h, i));
    return is_jump && is_known ? i : n;
  }

  /// Would three more falls as the last few have reached 0? Of one loss no fall is known.
  static bool fell_towards_0(const History& h, std::size_t zero) {
    if (zero < 2) return true;
    const std::size_t from = zero < 4 ? 0 : zero - 4;
    const double last = h.windows[zero - 1].mean, fall = (h.windows[from].mean - last) / static_cast<double>(zero - 1 - from);
    return last <= 3 * fall;
  }

  /// Weights that give a finite validation loss have not overflowed.
  static bool is_evaluated_since(const History& h, std::size_t zero) {
    return std::any_of(h.epochs.begin(), h.epochs.end(), [&](const EpochReport& e) {
      return e.steps >= h.windows[zero].first && std::isfinite(metric_of(e.validation, "loss"));
    });
  }

  static Finding of_zero_loss(const History& h, std::size_t first) {
    const StepWindow& w = h.windows[first];
    std::size_t past = first;
    while (past < h.windows.size() && h.windows[past].mean == 0) ++past;
    const bool lasts = past == h.windows.size();
    Finding f{.severity = lasts && w.gradient_norm ? Severity::critical : Severity::warning, .first_step = w.first};
    f.message = "The loss is exactly 0 " + std::string(lasts ? "since " : "from ") + at_step(h, w.first) +
                (lasts ? "" : " to " + at_step(h, h.windows[past - 1].last));
    if (first > 0) f.message += ", and was " + short_number(h.windows[first - 1].mean) + " before";
    if (w.gradient_norm) f.message += "; the gradient norm is " + short_number(*w.gradient_norm);
    f.message += is_not_finite(w)  ? ". The loss has overflowed, and the logger writes NaN as 0."
                 : w.gradient_norm ? ". Perhaps no row counts in the loss, for instance because all labels are masked."
                                   : ". Perhaps the loss has overflowed, and the logger writes NaN as 0.";
    explain(w, f);
    return f;
  }

  static void explain(const StepWindow& w, Finding& f) {
    const bool is_overflow = !w.gradient_norm || !std::isfinite(*w.gradient_norm);
    if (w.gradient_norm) f.evidence = {{"loss", w.mean}, {"gradient_norm", *w.gradient_norm}};
    else f.evidence = {{"loss", w.mean}};
    f.causes = is_overflow ? ranked({{"numerics", 0.7}, {"learning-rate-high", 0.2}, {"data-quality", 0.1}})
                           : ranked({{"data-label", 0.6}, {"numerics", 0.25}, {"gradient-bug", 0.15}});
    f.advice = is_overflow
                   ? "Train in bfloat16 or float32 instead of float16, keep the weights themselves in float32, and try a lower "
                     "learning rate with warmup. "
                   : "Look at the labels of one batch: how many count in the loss? Look for weights that are all frozen.";
    if (is_not_finite(w)) f.advice += "Weights saved after this step are useless.";
    else if (is_overflow)
      f.advice += "Look at the validation loss before that: where it is finite, the training may have fitted all rows.";
  }
};

}  // namespace tend
