#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// Rectifiers in place of all hidden activations, and the weights that suit them (Glorot et al., 2011; He et al., 2015).
struct ReluHidden {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "activation-hidden depth init";
  static constexpr int place = 20;

  std::vector<Changes> propose(const TrialContext& run) const {
    const std::vector<std::size_t> places = hidden_activations(run.network());
    if (places.empty()) return {};
    return {activations_at(run, places, "relu")};
  }
};

}  // namespace tend
