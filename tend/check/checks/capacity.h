#pragma once
#include "tend/check/setup.h"

namespace tend {

/// Is a linear network enough for the data? A trial of it is trained until it converges, and compared on the validation rows with
/// predictions from their nearest training rows, which can follow any shape. warn, capacity: the neighbours' accuracy (R2, for
/// values) is higher by more than `gap` and by more than four standard errors. Nonlinear networks are not judged here.
struct Capacity {
  double gap = 0.1;
  static constexpr auto fields = std::tuple{
      field_of<Capacity>("gap", &Capacity::gap, fraction(), "", "by which the accuracy of neighbours may be higher")};
  static constexpr Effort effort = Effort::standard;
  static constexpr int place = 68;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend
