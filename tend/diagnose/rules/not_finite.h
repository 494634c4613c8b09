#pragma once
#include "tend/diagnose/evidence.h"

namespace tend {

/// A loss, gradient or weight that is not finite: critical. Names the step and the first place. If update ratios or the loss grew
/// before, the learning rate is the likeliest cause; numbers of the data that are not finite are data-quality.
struct NotFinite {
  double high_ratio = 0.1;  ///< 100 times the usual 1e-3 (CS231n, lecture 6)
  static constexpr auto fields = std::tuple{
      field_of<NotFinite>("high_ratio", &NotFinite::high_ratio, above(0), "", "The update ratio that counts as high.")};
  static constexpr int place = 0;

  std::vector<Finding> find(const History& h) const {
    const FirstNotFinite& n = h.not_finite;
    if (n.step == 0) return of_passing(h);
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
    if (n.phase == "validation") {
      f.severity = Severity::warning;
      f.causes = ranked({{"data-quality", 0.5}, {"numerics", 0.4}, {"learning-rate-high", 0.1}});
      f.message = "The validation loss is not finite since " + at_step(h, n.step) + ", while the training loss is finite.";
      f.advice = "Look at the validation rows: missing numbers, labels that are all masked, an empty batch; evaluate in float32.";
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
  /// Numbers that were not finite and then were again: the weights are not spoilt.
  static std::vector<Finding> of_passing(const History& h) {
    if (h.passing.step == 0) return {};
    Finding f{.first_step = h.passing.step, .step = h.passing.step};
    f.causes = ranked({{"numerics", 0.6}, {"data-quality", 0.4}});
    f.message = "The loss was not finite at " + at_step(h, h.passing.step) + ", and is finite at the end.";
    f.advice = "Look at the rows of that batch; with half precision, a scaler of the loss has left out the step.";
    return {f};
  }
};

}  // namespace tend
