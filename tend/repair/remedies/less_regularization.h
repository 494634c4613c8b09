#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// No dropout; no penalties and no weight decay; neither.
struct LessRegularization {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "regularization learning-rate-low";
  static constexpr int place = 20;

  std::vector<Changes> propose(const TrialContext& run) const {
    Changes dropout, penalties;
    const std::vector<Node>& nodes = run.network().nodes();
    for (std::size_t i = nodes.size(); i-- > 0;) {
      if (nodes[i].traits.only_in_training && nodes[i].layer) dropout.push_back(without(run, nodes[i]));
      if (nodes[i].layer && !nodes[i].layout.parameters.empty())
        for (const char* penalty : {"l2", "l1"})
          if (const Value* strength = run.experiment().network.layers.array_items()[i].find(penalty);
              strength && strength->is_number())
            penalties.push_back({.path = layer_field(nodes[i]) + "." + penalty, .value = 0.0});
    }
    if (run.experiment().update.weight_decay.value_or(0) > 0) penalties.push_back({.path = "update.weight_decay", .value = 0.0});
    if (dropout.empty() || penalties.empty()) return {dropout, penalties};
    return {dropout, penalties, joined(penalties, dropout)};
  }
};

}  // namespace tend
