#pragma once
#include "tend/check/setup.h"

namespace tend {

/// Twenty examples, plain gradient descent on all of them at once, no regularization: a network that works memorizes them
/// (CS231n, neural networks 3, "Overfit a tiny subset of data"). Several rates, each from the start; the best counts. fail: no
/// weight gets any gradient, or none of the rates lowers the loss, which the size of the network does not explain. The cause is
/// that of an earlier alarm, where there is one, otherwise gradient-bug.
/// pass: memorized; or the loss falls, but not far enough within the steps: the network is small, slow, or linear, and the
/// message says so.
struct OverfitFew {
  int examples = 20;
  double learnt = 0.1;  ///< share of the loss of a constant guess
  double flops = 3e9;
  static constexpr auto fields = std::tuple{
      field_of<OverfitFew>("examples", &OverfitFew::examples, at_least(2), "rows", "training rows that the network must overfit"),
      field_of<OverfitFew>("learnt", &OverfitFew::learnt, fraction(), "",
                           "share of the loss of a constant guess that may be left"),
      field_of<OverfitFew>("flops", &OverfitFew::flops, above(0), "", "for all rates together")};
  static constexpr Effort effort = Effort::standard;
  static constexpr int place = 66;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend
