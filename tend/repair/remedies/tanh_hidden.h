#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// tanh in place of all hidden activations, and the weights that suit it (Glorot and Bengio, 2010). In layers of a few units it
/// passes on more than rectifiers, of which some are 0 for every row.
struct TanhHidden {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "activation-hidden depth init capacity";
  static constexpr int place = 25;

  std::vector<Changes> propose(const TrialContext& run) const {
    const std::vector<std::size_t> places = hidden_activations(run.network());
    if (places.empty()) return {};
    return {activations_at(run, places, "tanh")};
  }
};

}  // namespace tend
