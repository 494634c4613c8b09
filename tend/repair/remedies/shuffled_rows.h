#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// A new random order of the rows in each epoch.
struct ShuffledRows {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "data-order";
  static constexpr int place = 10;

  std::vector<Changes> propose(const TrialContext& run) const {
    if (run.experiment().train.shuffle) return {};
    return {{{.path = "train.shuffle", .value = true}}};
  }
};

}  // namespace tend
