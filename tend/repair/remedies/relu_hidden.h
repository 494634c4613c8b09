#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// Rectifiers in place of all hidden activations, and the weights that suit them (Glorot et al., 2011; He et al., 2015).
struct ReluHidden {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "activation-hidden depth init";
  static constexpr int place = 20;

  std::vector<Changes> propose(const TrialContext& run) const {
    const std::vector<Node>& nodes = run.network().nodes();
    std::size_t last = 0;
    for (std::size_t i = 0; i < nodes.size(); ++i)
      if (!nodes[i].layout.parameters.empty()) last = i;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < last; ++i)
      if (nodes[i].activation && !nodes[i].traits.is_identity) places.push_back(i);
    if (places.empty()) return {};
    return {relu_at(run, places)};
  }
};

}  // namespace tend
