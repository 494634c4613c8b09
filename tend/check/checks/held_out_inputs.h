#pragma once
#include "tend/check/setup.h"

namespace tend {

/// Have held-out inputs the scale and the range of training inputs? By column of a table, over all values of other rows: the
/// distance that a tenth (and a quarter) of the values exceed from the training median, in held-out and in training rows. Ranks,
/// because a single large value must not decide. warn, data-scale: all columns differ by a factor of `all`, or one by `one`, in
/// both distances; or the median of held-out values lies `one` such distances away.
struct HeldOutInputs {
  double all = 3, one = 10;
  static constexpr auto fields = std::tuple{
      field_of<HeldOutInputs>("all", &HeldOutInputs::all, above(1), "", "factor between the scales of half of the columns"),
      field_of<HeldOutInputs>("one", &HeldOutInputs::one, above(1), "", "factor between the scales of one column")};
  static constexpr Effort effort = Effort::still;
  static constexpr int place = 11;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend
