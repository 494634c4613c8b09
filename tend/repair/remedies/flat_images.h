#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// "flatten" in place of a pooling over the whole image that stands before the first weights: it leaves one number for each
/// channel of the input, and the layers after it cannot see where anything is.
struct FlatImages {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "architecture capacity";
  static constexpr int place = 10;

  std::vector<Changes> propose(const TrialContext& run) const {
    for (const Node& node : run.network().nodes()) {
      if (!node.layout.parameters.empty()) return {};
      if (node.traits.pools && node.layout.output.count() <= node.input_shapes[0][-1]) return {{replaced(run, node, "flatten")}};
    }
    return {};
  }
};

}  // namespace tend
