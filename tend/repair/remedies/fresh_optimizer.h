#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// In a running training: the optimizer forgets its moments and begins anew, at the present learning rate and at a tenth of it.
/// After one huge gradient the second moment of Adam makes all steps too small for some thousand steps. Silent before the first
/// step, for a pack, and for an optimizer without memory.
struct FreshOptimizer {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "optimizer numerics";
  static constexpr int place = 5;

  std::vector<Changes> propose(const TrialContext& run) const {
    if (!takes_interventions(run) || run.plan().optimizer().slots().empty()) return {};
    return {intervened(run, {.reset_optimizer = true}), intervened(run, {.reset_optimizer = true, .rate_factor = 0.1})};
  }
};

}  // namespace tend
