#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// Adam at its usual rate of 0.001 (Kingma and Ba, 2015), without a schedule.
struct AdamUpdate {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "optimizer learning-rate-low learning-rate-high";
  static constexpr int place = 30;

  std::vector<Changes> propose(const TrialContext& run) const {
    const Value adam = Value::Table{{"name", Value("adam")}, {"learning_rate", Value(0.001)}};
    Changes changes{{.path = "update.optimizer", .value = adam}};
    if (!(run.experiment().update.schedule == Value("constant")))
      changes.push_back({.path = "update.schedule", .value = "constant"});
    return {changes};
  }
};

}  // namespace tend
