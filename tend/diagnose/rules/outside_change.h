#pragma once
#include "tend/diagnose/evidence.h"

namespace tend {

/// Weights that changed by more than the step changed them: something outside the training wrote them. By the triangle inequality
/// the norm of the weights after a step differs from that before it by at most the norm of the update.
struct OutsideChangeRule {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view entry_name = "outside_change";
  static constexpr int place = 2;

  std::vector<Finding> find(const History& h) const {
    if (h.outside.empty()) return {};
    const OutsideChange& c = h.outside.front();
    Finding f{.severity = Severity::warning, .layer = c.layer, .first_step = c.step, .step = c.step};
    f.causes = {{"numerics", 1}};
    f.evidence = {{"norm_before", c.norm_before}, {"norm_after", c.norm_after}, {"update_norm", c.update_norm}};
    f.message = "The weights " + c.parameter + " were changed outside of training before step " + std::to_string(c.step) +
                ": their norm went from " + short_number(c.norm_before) + " to " + short_number(c.norm_after) +
                ", and the step itself changed them by " + short_number(c.update_norm) + ".";
    f.advice = "Look for code that writes weights between steps, and go back to a state before this step.";
    return {f};
  }
};

}  // namespace tend
