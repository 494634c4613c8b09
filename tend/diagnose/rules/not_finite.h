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
    if (n.step == 0) return {};
    Finding f{.severity = Severity::critical, .layer = n.layer, .first_step = n.step, .step = n.step};
    const double ratio = largest_update_ratio(h);
    f.evidence = {{"largest_update_ratio", ratio}, {"high_update_ratio", high_ratio}};
    const std::string step = std::to_string(n.step);
    if (n.phase == "input") {
      f.causes = {{"data-quality", 1}};
      f.message = "Step " + step + " received inputs that are not finite: row " + std::to_string(n.row + 1) +
                  " of the data has them after its preparation.";
      f.advice = "Correct or remove that row, or add \"impute\" to prepare.steps.";
      return {f};
    }
    f.message = "The numbers of the training are not finite since step " + step;
    if (n.phase == "forward") f.message += ": the output of " + n.layer + " is the first of them";
    if (n.phase == "backward")
      f.message += ": the gradient of " + n.layer + " is the first of them, while the outputs are finite";
    if (n.phase == "update") f.message += ": the update makes " + n.layer + " infinite";
    if (n.phase == "loss") f.message += ": the loss is the first of them, while the outputs are finite";
    f.message += ".";
    if (!h.parameters.empty()) f.message += " The largest step changed a parameter by " + percent_text(ratio) + " of its size.";
    const bool is_fast = ratio > high_ratio;
    f.causes = ranked({{"learning-rate-high", is_fast ? 0.7 : 0.4},
                       {"numerics", n.phase == "loss" || n.phase == "backward" ? 0.4 : 0.15},
                       {"init", is_fast ? 0.1 : 0.2},
                       {"data-scale", 0.15}});
    f.changes = lower_rate(h);
    return {f};
  }
};

}  // namespace tend
