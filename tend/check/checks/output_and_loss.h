#pragma once
#include "tend/check/setup.h"

namespace tend {

/// Do the output, its activation, the loss, its reduction and the targets suit each other? Reads only the experiment and the
/// targets. fail: training cannot succeed (a softmax over one output, an output that cannot reach the targets, cross-entropy of
/// values that are not probabilities). warn: training is bad (softmax twice, sigmoid outputs of exclusive classes, absolute
/// errors of classes, more outputs than classes, a sum over the batch with a large rate). Sources: CS231n, neural networks 2,
/// "Loss functions"; Goodfellow et al., Deep Learning, 6.2.2.
struct OutputAndLoss {
  double large_rate = 1;  ///< of a plain gradient step on a mean loss: the lecture's rates end at 1e-1
  static constexpr auto fields = std::tuple{field_of<OutputAndLoss>(
      "large_rate", &OutputAndLoss::large_rate, above(0), "", "learning rate times rows that a step on a summed loss may have")};
  static constexpr Effort effort = Effort::still;
  static constexpr int place = 20;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend
