#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// A shallower network: at most two, or four, of the hidden blocks that leave the shape as it is (a layer with weights and what
/// follows it up to the next).
struct FewerLayers {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "depth architecture";
  static constexpr int place = 30;

  std::vector<Changes> propose(const TrialContext& run) const { return {kept(run, 2), kept(run, 4)}; }

 private:
  static Changes kept(const TrialContext& run, std::size_t most) {
    const std::vector<Node>& nodes = run.network().nodes();
    std::vector<std::size_t> starts;
    for (std::size_t i = 0; i < nodes.size(); ++i)
      if (!nodes[i].layout.parameters.empty() && nodes[i].traits.is_product) starts.push_back(i);
    std::vector<std::pair<std::size_t, std::size_t>> blocks;  // [first, end) that leave the shape as it is
    for (std::size_t s = 0; s + 1 < starts.size(); ++s)
      if (nodes[starts[s]].input_shapes[0] == nodes[starts[s + 1]].input_shapes[0]) blocks.emplace_back(starts[s], starts[s + 1]);
    Changes changes;
    if (blocks.size() <= most) return changes;
    for (std::size_t b = blocks.size(); b-- > most;)
      for (std::size_t i = blocks[b].second; i-- > blocks[b].first;) changes.push_back(without(run, nodes[i]));
    return changes;
  }
};

}  // namespace tend
