#pragma once
#include "tend/check/setup.h"

namespace tend {

/// What the graph alone gives away.
/// warn, activation-hidden: layers with weights in a row with nothing between that bends, so that they are one linear layer (a
/// narrow middle is a factorization, and meant). warn, capacity: a place one number wide before more than two classes. warn,
/// architecture: an image averaged or pooled to a point before any layer with weights has seen it; batch_norm whose running
/// statistics never move. Told, without alarm: a bias before batch_norm, which the next mean takes out; more than 20 layers with
/// weights without normalization or shortcuts (He et al., 2015 and 2016: plain networks so deep begin to be hard).
struct Architecture {
  int deep = 20;
  static constexpr auto fields = std::tuple{
      field_of<Architecture>("deep", &Architecture::deep, at_least(1), "layers", "with weights, that need no normalization")};
  static constexpr Effort effort = Effort::still;
  static constexpr int place = 22;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend
