#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// Batch normalization before the hidden activations (Ioffe and Szegedy, 2015).
struct NormalizeActivations {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "depth init activation-hidden data-scale learning-rate-high";
  static constexpr int place = 40;

  std::vector<Changes> propose(const TrialContext& run) const { return {normalized_activations(run)}; }
};

}  // namespace tend
