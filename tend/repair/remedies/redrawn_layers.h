#pragma once
#include <algorithm>

#include "tend/repair/remedy.h"

namespace tend {

/// In a running training: layers whose outputs lie at the flat ends of their activation are drawn anew, at a tenth of the
/// learning rate that brought them there. Silent before the first step and for a pack.
struct RedrawnLayers {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "init activation-hidden learning-rate-high";
  static constexpr int place = 6;

  std::vector<Changes> propose(const TrialContext& run) const {
    constexpr double nearly_all = 0.9;
    if (!takes_interventions(run)) return {};
    std::vector<std::string> layers;
    for (const NodeLook& look : run.start().nodes) {
      if (!look.node->activation || !look.node->traits.is_bounded() || look.flat_fraction < nearly_all) continue;
      for (int at = look.node->inputs[0]; at >= 0;) {  // the layer with weights below it
        const Node& node = run.network().nodes()[static_cast<std::size_t>(at)];
        if (node.traits.is_product && std::find(layers.begin(), layers.end(), node.name) == layers.end())
          layers.push_back(node.name);
        at = node.traits.is_product || node.inputs.size() != 1 ? -1 : node.inputs[0];
      }
    }
    if (layers.empty()) return {};
    return {intervened(run, {.redraw_layers = layers, .rate_factor = 0.1})};
  }
};

}  // namespace tend
