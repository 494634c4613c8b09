#pragma once
#include <algorithm>

#include "tend/repair/remedy.h"

namespace tend {

/// In a running training: hidden units that are 0 for every row are drawn anew (Sokar et al., 2023), at the present learning rate
/// and at a tenth of it. Silent before the first step, for a pack, and where fewer than half of the units of each layer are dead.
struct RevivedUnits {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "learning-rate-high init activation-hidden";
  static constexpr int place = 5;

  std::vector<Changes> propose(const TrialContext& run) const {
    constexpr double many = 0.5;
    if (!takes_interventions(run)) return {};
    const std::vector<NodeLook>& nodes = run.start().nodes;
    if (std::none_of(nodes.begin(), nodes.end(),
                     [](const NodeLook& look) { return look.node->activation && look.dead_fraction >= many; }))
      return {};
    return {intervened(run, {.revive_units = true}), intervened(run, {.revive_units = true, .rate_factor = 0.1})};
  }
};

}  // namespace tend
