#pragma once
#include "tend/check/setup.h"

namespace tend {

/// Faults that the graph shows.
/// warn, activation-hidden: layers with weights without an activation between them, so that they are one linear layer (a narrow
/// middle is a factorization, and intended). warn, capacity: a layer with one output before more than two classes. warn,
/// architecture: an image averaged or pooled to a point before the first layer with weights; batch_norm whose running statistics
/// never change. Reported without alarm: a bias before batch_norm, which subtracts it; more than 20 layers with weights without
/// normalization or shortcuts (He et al., 2015 and 2016: plain networks of this depth are hard to train).
struct Architecture {
  int deep = 20;
  static constexpr auto fields = std::tuple{field_of<Architecture>("deep", &Architecture::deep, at_least(1), "layers",
                                                                   "with weights that a network may have without normalization")};
  static constexpr Effort effort = Effort::still;
  static constexpr int place = 22;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend
