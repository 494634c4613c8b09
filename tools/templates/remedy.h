#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// What it changes, and why that helps.
struct @Type@ {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "optimizer";
  static constexpr int place = 50;

  std::vector<Changes> propose(const TrialContext& run) const {
    if (run.task() == Task::regression) return {};
    return {{{.path = "train.epochs", .value = run.experiment().train.epochs}}};
  }
};

}  // namespace tend
