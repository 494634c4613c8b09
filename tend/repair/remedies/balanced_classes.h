#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// All classes count equally in the loss.
struct BalancedClasses {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "class-imbalance";
  static constexpr int place = 10;

  std::vector<Changes> propose(const TrialContext& run) const {
    if (run.task() != Task::classification || !run.experiment().loss.class_weights.is_null()) return {};
    return {{{.path = "loss.class_weights", .value = "balanced"}}};
  }
};

}  // namespace tend
