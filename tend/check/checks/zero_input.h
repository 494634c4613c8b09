#pragma once
#include "tend/check/setup.h"

namespace tend {

/// The network must fit a few rows better with their inputs than with zeros (Karpathy, A Recipe for Training Neural Networks,
/// 2019, "input independent baseline"; CS231n, neural networks 3, sanity checks): otherwise the inputs do not reach the output,
/// because units are dead, the graph is cut, or the signal is far too small. warn: with inputs the loss is not below `least` of
/// the loss without, and the outputs for different rows differ by less than `differences` of their size. Slow learners pass:
/// their outputs follow the inputs from the start.
struct ZeroInput {
  double least = 0.98, differences = 1e-3;
  static constexpr auto fields = std::tuple{
      field_of<ZeroInput>("least", &ZeroInput::least, above(0), "",
                          "share of the loss without inputs that the loss with inputs may reach"),
      field_of<ZeroInput>("differences", &ZeroInput::differences, above(0), "",
                          "by which outputs must differ between rows, as a share of their size")};
  static constexpr Effort effort = Effort::standard;
  static constexpr int place = 62;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend
