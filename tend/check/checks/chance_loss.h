#pragma once
#include "tend/check/setup.h"

namespace tend {

/// The loss before the first step against what outputs that know nothing give: ln C for softmax over C classes, C - 1 for the
/// hinge of Weston and Watkins, ln 2 for yes or no, the targets' variance for squared errors (CS231n, neural networks 3, "Before
/// learning"). fail: not finite. warn: above `most` times the chance loss, for values above `most` times what an output of 0
/// gives: weights or inputs are far too large. Some times chance is common and harmless where inputs are not scaled: a hundred
/// steps undo it.
struct ChanceLoss {
  double most = 30;
  static constexpr auto fields = std::tuple{
      field_of<ChanceLoss>("most", &ChanceLoss::most, above(1), "", "times the chance loss that a start may have")};
  static constexpr Effort effort = Effort::standard;
  static constexpr int place = 45;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend
