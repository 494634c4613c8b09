#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// Where there is next to none: weight decay; dropout before the last layer with weights; both. Against a network that memorizes
/// its training rows (Krogh and Hertz, 1991; Srivastava et al., 2014).
struct MoreRegularization {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "regularization";
  static constexpr int place = 25;

  std::vector<Changes> propose(const TrialContext& run) const {
    constexpr double little = 1e-4, usual_decay = 1e-2, usual_dropout = 0.3;
    const std::vector<Node>& nodes = run.network().nodes();
    const Node* last = nullptr;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (!nodes[i].layer) continue;
      if (nodes[i].traits.only_in_training) return {};
      if (nodes[i].layout.parameters.empty()) continue;
      last = &nodes[i];
      for (const char* penalty : {"l2", "l1"})
        if (const Value* strength = run.experiment().network.layers.array_items()[i].find(penalty);
            strength && strength->is_number() && strength->number() > little)
          return {};
    }
    if (!last || run.experiment().update.weight_decay.value_or(0) > little) return {};
    const Change decay{.path = "update.weight_decay", .value = usual_decay};
    const Change dropout{.path = layer_field(*last),
                         .value = Value(Value::Table{{"dropout", Value(usual_dropout)}}),
                         .kind = Change::Kind::insert};
    if (last == &nodes[0]) return {{decay}};  // of one layer there are only inputs to drop
    return {{decay}, {dropout}, {decay, dropout}};
  }
};

}  // namespace tend
