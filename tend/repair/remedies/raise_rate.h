#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// A higher learning rate: ten times, a hundred times, ten thousand times.
struct RaiseRate {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "learning-rate-low epochs optimizer";
  static constexpr int place = 10;

  std::vector<Changes> propose(const TrialContext& run) const {
    std::vector<Changes> all;
    for (const double factor : {10.0, 100.0, 1e4})
      all.push_back(
          {{.path = "update.optimizer.learning_rate", .value = rounded(run.plan().optimizer().learning_rate() * factor)}});
    return all;
  }
};

}  // namespace tend
