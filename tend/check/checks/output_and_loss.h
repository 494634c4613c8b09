#pragma once
#include "tend/check/setup.h"

namespace tend {

/// Do the output's activation, the loss, its reduction and the targets go together? Read from the experiment and the targets
/// alone. fail: what cannot go well (a softmax over one output, an output that cannot reach the targets, cross-entropy of what
/// are no probabilities). warn: what trains badly (softmax twice, sigmoid outputs of exclusive classes, absolute errors of
/// classes, a sum over the batch under a large rate). Sources: CS231n, neural networks 2, "Loss functions"; Goodfellow et al.,
/// Deep Learning, 6.2.2.
struct OutputAndLoss {
  double large_rate = 1;  ///< of a plain gradient step on a mean loss: the lecture's rates end at 1e-1
  static constexpr auto fields = std::tuple{field_of<OutputAndLoss>(
      "large_rate", &OutputAndLoss::large_rate, above(0), "", "learning rate times rows that a step on a summed loss may have")};
  static constexpr Effort effort = Effort::still;
  static constexpr int place = 20;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend
