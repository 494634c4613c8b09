#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// The mean of the losses of a batch in place of their sum.
struct MeanReduction {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "loss-reduction learning-rate-high";
  static constexpr int place = 12;

  std::vector<Changes> propose(const TrialContext& run) const {
    if (run.experiment().loss.reduction == "mean") return {};
    return {{{.path = "loss.reduction", .value = "mean"}}};
  }
};

}  // namespace tend
