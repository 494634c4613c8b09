#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// The gradient is scaled down to a norm of 1 where it is longer (Pascanu et al., 2013).
struct ClipGradient {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "numerics learning-rate-high";
  static constexpr int place = 20;

  std::vector<Changes> propose(const TrialContext& run) const {
    if (run.experiment().update.clip_norm > 0) return {};
    return {{{.path = "update.clip_norm", .value = 1.0}}};
  }
};

}  // namespace tend
