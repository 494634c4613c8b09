#pragma once
#include "tend/check/setup.h"

namespace tend {

/// Backpropagation against central differences, three ways (gradcheck/gradient_check.h), on a row or two and a few elements of
/// each tensor: as many as `flops` allow, none where one of each is too expensive. `tend gradcheck` checks all. fail: a relative
/// error above 1e-2 (CS231n, neural networks 3, "Gradient checks": the gradient is probably wrong), with the tensor's name; of
/// the kernels that train, in float32, one above 0.4. Skipped where the loss is not finite.
struct GradientCheck {
  double flops = 1e8;
  static constexpr auto fields = std::tuple{
      field_of<GradientCheck>("flops", &GradientCheck::flops, above(0), "", "of plain loops in double: about a nanosecond each")};
  static constexpr Effort effort = Effort::standard;
  static constexpr int place = 54;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend
