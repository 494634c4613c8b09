#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "tend/network/network.h"

namespace tend {

/// The embedding that reads the inputs of a network: they are codes 0 .. codes-1.
struct InputEmbedding {
  const Node* node = nullptr;  ///< nullptr: the inputs are no codes
  std::int64_t codes = 0;
};

inline InputEmbedding input_embedding(const Network& network) {
  for (const Node& node : network.nodes()) {
    if (!node.layer || node.inputs[0] >= 0 || node.layout.parameters.empty()) continue;
    const std::vector<LayerSample> cases = node.layer->cases();
    if (std::any_of(cases.begin(), cases.end(), [](const LayerSample& sample) { return sample.codes > 0; }))
      return {&node, node.layout.parameters[0].shape[0]};
  }
  return {};
}

}  // namespace tend
