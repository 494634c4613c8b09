#pragma once
#include <numeric>

#include "tend/repair/remedy.h"

namespace tend {

/// Two or four of the blocks that leave the shape as it is (a layer with weights and what follows it), the first ones, in place
/// of all; with the hidden activations that there are, with tanh, and with relu.
struct FewerLayers {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "depth architecture";
  static constexpr int place = 30;

  std::vector<Changes> propose(const TrialContext& run) const {
    std::vector<Changes> all;
    for (const std::size_t most : {2, 4}) {
      const auto [removed, kept] = without_blocks(run, most);
      if (removed.empty()) continue;
      all.push_back(removed);
      all.push_back(joined(removed, activations_in(run, kept, "tanh")));
      all.push_back(joined(removed, activations_in(run, kept, "relu")));
    }
    return all;
  }

 private:
  struct Cut {
    Changes removed;
    std::vector<std::size_t> kept;  ///< places of nodes
  };
  static Cut without_blocks(const TrialContext& run, std::size_t most) {
    const std::vector<Node>& nodes = run.network().nodes();
    std::vector<std::size_t> starts;
    for (std::size_t i = 0; i < nodes.size(); ++i)
      if (!nodes[i].layout.parameters.empty() && nodes[i].traits.is_product) starts.push_back(i);
    std::vector<std::pair<std::size_t, std::size_t>> blocks;  // [first, end) that leave the shape as it is
    for (std::size_t s = 0; s + 1 < starts.size(); ++s)
      if (nodes[starts[s]].input_shapes[0] == nodes[starts[s + 1]].input_shapes[0]) blocks.emplace_back(starts[s], starts[s + 1]);
    Cut cut;
    cut.kept.resize(nodes.size());
    std::iota(cut.kept.begin(), cut.kept.end(), std::size_t{0});
    for (std::size_t b = blocks.size(); b-- > most;)
      for (std::size_t i = blocks[b].second; i-- > blocks[b].first;) {
        cut.removed.push_back(without(run, nodes[i]));
        std::erase(cut.kept, i);
      }
    return cut;
  }
  static Changes activations_in(const TrialContext& run, const std::vector<std::size_t>& kept, const char* kind) {
    std::vector<std::size_t> places = hidden_activations(run.network());
    std::erase_if(places, [&](std::size_t i) { return std::find(kept.begin(), kept.end(), i) == kept.end(); });
    return activations_at(run, places, kind, kept);
  }
};

}  // namespace tend
