#pragma once
#include "tend/check/setup.h"

namespace tend {

/// How much do sigmoid, hard_sigmoid, tanh, softmax and exponential in hidden layers slow this network? A few rows are fitted by
/// the network as it is, by the same with "relu" (He's weights) in their place, and by a blind one whose inputs are 0, with the
/// same steps of Adam; where the network is far worse, once more with the experiment's own optimizer and rate. Without such
/// activations nothing is run. warn: both times relu brings the loss below `learns` of the blind network's, while with the file's
/// activations it falls less than `least` as far, and less than `least_as_written` with the own update. One or two layers of
/// sigmoids and deep stacks of tanh have a share near 1 or above. fail: its numbers overflow, those with relu do not. Glorot and
/// Bengio, 2010, sections 3.1 and 4.2; CS231n, neural networks 1, "Commonly used activation functions".
struct HiddenActivations {
  double least = 0.33, least_as_written = 0.1, learns = 0.75;
  static constexpr auto fields = std::tuple{
      field_of<HiddenActivations>("least", &HiddenActivations::least, above(0), "",
                                  "share of the fall of the loss with relu, in steps of Adam"),
      field_of<HiddenActivations>("least_as_written", &HiddenActivations::least_as_written, above(0), "",
                                  "the same in steps of the experiment's optimizer"),
      field_of<HiddenActivations>("learns", &HiddenActivations::learns, above(0), "",
                                  "share of the blind network's loss that relu must come below")};
  static constexpr Effort effort = Effort::standard;
  static constexpr int place = 64;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend
