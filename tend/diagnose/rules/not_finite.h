#pragma once
#include "tend/diagnose/evidence.h"

namespace tend {

/// A loss, gradient or weight that is not finite: critical. Names the step and the first place. If update ratios or the loss grew
/// before, the learning rate is the likeliest cause; numbers of the data that are not finite are data-quality.
struct NotFinite {
  double high_ratio = 0.1;  ///< 100 times the usual 1e-3 (CS231n, lecture 6)
  double many = 0.1;
  static constexpr auto fields = std::tuple{
      field_of<NotFinite>("high_ratio", &NotFinite::high_ratio, above(0), "", "The update ratio that counts as high."),
      field_of<NotFinite>("many", &NotFinite::many, part_of_one(), "",
                          "The share of a log's losses that are not finite for a while and are worth a warning.")};
  static constexpr int place = 0;

  std::vector<Finding> find(const History& h) const {
    const FirstNotFinite& n = h.not_finite;
    if (n.step == 0) return of_log(h);
    Finding f{.severity = Severity::critical, .layer = n.layer, .first_step = n.step, .step = n.step};
    const double ratio = largest_update_ratio(h);
    if (!h.parameters.empty()) f.evidence = {{"largest_update_ratio", ratio}, {"high_update_ratio", high_ratio}};
    if (n.phase == "input") {
      f.causes = {{"data-quality", 1}};
      f.message = "Step " + std::to_string(n.step) + " received inputs that are not finite: row " + std::to_string(n.row + 1) +
                  " of the data has them after its preparation.";
      f.advice = "Correct or remove that row, or add \"impute\" to prepare.steps.";
      return {f};
    }
    f.message = "The numbers of the training are not finite since " + at_step(h, n.step);
    if (n.phase == "forward") f.message += ": the output of " + n.layer + " is the first of them";
    if (n.phase == "backward")
      f.message += ": the gradient of " + n.layer + " is the first of them, while the outputs are finite";
    if (n.phase == "update") f.message += ": the update makes " + n.layer + " infinite";
    if (n.phase == "loss") f.message += ": the loss is the first of them";
    if (n.phase == "loss" && !h.parameters.empty()) f.message += ", while the outputs are finite";
    f.message += ".";
    if (!h.parameters.empty()) f.message += " The largest step changed a parameter by " + percent_text(ratio) + " of its size.";
    const bool is_fast = ratio > high_ratio;
    f.causes = ranked({{"learning-rate-high", is_fast ? 0.7 : 0.4},
                       {"numerics", n.phase == "loss" || n.phase == "backward" ? 0.4 : 0.15},
                       {"init", is_fast ? 0.1 : 0.2},
                       {"data-scale", 0.15}});
    f.changes = lower_rate(h);
    f.advice = lower_rate_advice(f);
    return {f};
  }

 private:
  /// Logs of other programs whose training loss is finite at the end.
  std::vector<Finding> of_log(const History& h) const {
    std::vector<Finding> all;
    if (h.passing.step > 0) all.push_back(of_passing(h));
    if (const std::int64_t step = h.held_out_not_finite.step; step > 0) {
      Finding f{.severity = Severity::warning, .first_step = step, .step = step};
      f.causes = ranked({{"data-quality", 0.5}, {"numerics", 0.4}, {"learning-rate-high", 0.1}});
      f.message = "The validation loss is not finite since " + at_step(h, step) + ", while the training loss is finite.";
      f.advice = "Look at the validation rows: missing numbers, labels that are all masked, an empty batch; evaluate in float32.";
      all.push_back(std::move(f));
    }
    return all;
  }

  /// Losses that were not finite and then were again. Steps may have been left out; a log does not say what became of the
  /// weights.
  Finding of_passing(const History& h) const {
    Finding f{.first_step = h.passing.step, .step = h.passing.step};
    const std::int64_t bad = std::max<std::int64_t>(1, h.passing_points);
    const std::int64_t all = bad + static_cast<std::int64_t>(h.windows.size());
    const double share = static_cast<double>(bad) / static_cast<double>(all);
    if (share >= many) f.severity = Severity::warning;
    f.causes = ranked({{"numerics", 0.6}, {"data-quality", 0.4}});
    f.evidence = {{"share_not_finite", share}, {"threshold", many}};
    f.message = "The loss was not finite at " +
                (bad == 1 ? at_step(h, h.passing.step)
                          : std::to_string(bad) + " of " + std::to_string(all) + " recorded values, first at " +
                                at_step(h, h.passing.step)) +
                ", and is finite at the end.";
    f.advice =
        "Look at the rows of these batches, and at the number format: a scaler of the loss leaves out steps that overflow.";
    return f;
  }
};

}  // namespace tend
