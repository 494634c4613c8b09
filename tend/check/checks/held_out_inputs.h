#pragma once
#include "tend/check/setup.h"

namespace tend {

/// Have held-out inputs the scale and the range of training inputs? By column of a table, over all values of other rows: the
/// distance that a tenth (and a quarter) of the values exceed from the training median, in held-out and in training rows. Ranks,
/// because a single large value must not decide. warn, data-scale: all columns differ by a factor of `all`, or one by `one`, in
/// both distances; or the median of held-out values lies `one` such distances away. Where the held-out rows are of a file of
/// their own: also if a column, or the target, has the Kolmogorov-Smirnov distance `distance` from its training values, or is
/// one value where training values are many.
struct HeldOutInputs {
  double all = 3, one = 10, distance = 0.6;
  static constexpr auto fields = std::tuple{
      field_of<HeldOutInputs>("all", &HeldOutInputs::all, above(1), "", "factor between the scales of half of the columns"),
      field_of<HeldOutInputs>("one", &HeldOutInputs::one, above(1), "", "factor between the scales of one column"),
      field_of<HeldOutInputs>("distance", &HeldOutInputs::distance, part_of_one(), "",
                              "distance between the distributions of a column, for rows of another file")};
  static constexpr Effort effort = Effort::still;
  static constexpr int place = 11;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend
