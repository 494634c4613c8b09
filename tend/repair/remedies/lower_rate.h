#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// A lower learning rate: a tenth, a hundredth, a ten-thousandth.
struct LowerRate {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "learning-rate-high numerics";
  static constexpr int place = 10;

  std::vector<Changes> propose(const TrialContext& run) const {
    std::vector<Changes> all;
    for (const double factor : {0.1, 0.01, 1e-4})
      all.push_back(
          {{.path = "update.optimizer.learning_rate", .value = rounded(run.plan().optimizer().learning_rate() * factor)}});
    return all;
  }
};

}  // namespace tend
