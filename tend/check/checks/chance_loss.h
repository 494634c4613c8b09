#pragma once
#include "tend/check/setup.h"

namespace tend {

/// The loss before the first step, compared with that of a constant guess: ln C for softmax over C classes, C - 1 for the hinge
/// of Weston and Watkins, ln 2 for two classes, the targets' variance for squared errors (CS231n, neural networks 3, "Before
/// learning"). fail: not finite. warn: above `most` times that loss, for values above `most` times the loss of an output of 0:
/// weights or inputs are far too large. A few times that loss is common and harmless where inputs are not scaled: a hundred steps
/// correct it.
struct ChanceLoss {
  double most = 30;
  static constexpr auto fields = std::tuple{field_of<ChanceLoss>(
      "most", &ChanceLoss::most, above(1), "", "times the loss of a constant guess that the initial loss may be")};
  static constexpr Effort effort = Effort::standard;
  static constexpr int place = 45;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend
