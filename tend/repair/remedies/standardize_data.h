#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// Inputs, targets of a regression, or both, with mean 0 and deviation 1.
struct StandardizeData {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "data-scale init numerics learning-rate-high learning-rate-low";
  static constexpr int place = 15;

  std::vector<Changes> propose(const TrialContext& run) const {
    const Changes inputs = standardized_inputs(run);
    if (run.task() != Task::regression || run.experiment().prepare.target != "none") return {inputs};
    const Changes targets{{.path = "prepare.target", .value = "standardize"}};
    return {inputs, targets, joined(inputs, targets)};
  }
};

}  // namespace tend
