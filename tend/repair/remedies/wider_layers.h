#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// At least 64 units in each hidden layer.
struct WiderLayers {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "capacity architecture";
  static constexpr int place = 30;

  std::vector<Changes> propose(const TrialContext& run) const {
    constexpr std::int64_t enough = 64;
    const std::vector<Node>& nodes = run.network().nodes();
    Changes changes;
    std::size_t last = nodes.size();
    for (std::size_t i = 0; i < nodes.size(); ++i)
      if (!nodes[i].layout.parameters.empty()) last = i;
    for (std::size_t i = 0; i < last; ++i)
      if (nodes[i].layout.output[-1] < enough) changes = joined(std::move(changes), width_of(nodes[i], enough));
    return {changes};
  }
};

}  // namespace tend
