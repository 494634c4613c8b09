#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// Weights drawn as the activation that follows them needs it (Glorot and Bengio, 2010; He et al., 2015).
struct SuitableInitializer {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "init activation-hidden depth learning-rate-high";
  static constexpr int place = 15;

  std::vector<Changes> propose(const TrialContext& run) const { return {suitable_weights(run)}; }
};

}  // namespace tend
