#pragma once
#include "tend/repair/remedy.h"
#include "tend/train/run.h"

namespace tend {

/// In a running training: the optimizer forgets its moments and begins anew, at the present learning rate and at a tenth of it.
/// After one huge gradient the second moment of Adam makes all steps too small for some thousand steps. Silent before the first
/// step, for a pack, and for an optimizer without memory.
struct FreshOptimizer {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "optimizer numerics";
  static constexpr int place = 5;

  std::vector<Changes> propose(const TrialContext& run) const {
    const std::int64_t step = run.run().counters().step;
    if (step == 0 || run.network().members() > 1 || run.plan().optimizer().slots().empty()) return {};
    return {intervened(run, {.step = step, .reset_optimizer = true}),
            intervened(run, {.step = step, .reset_optimizer = true, .rate_factor = 0.1})};
  }
};

}  // namespace tend
