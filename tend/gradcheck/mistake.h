#pragma once
#include <string>
#include <vector>

#include "tend/tensor/shape.h"

namespace tend {

/// How far an analytic derivative is from a numeric one: |a - n| / max(|a|, |n|), 0 where both are 0 (CS231n, notes on gradient
/// checks). `floor`: sizes below it count as it, since differences of values know no better.
double relative_error(double analytic, double numeric, double floor = 0);

/// What kind of mistake a wrong gradient looks like, in one sentence: "the sign is wrong", "a factor of 2", "transposed", "never
/// written", "only at the border", "one row of the batch alone" ... Both hold a tensor of `shape`, row-major; elements whose
/// place is in neither (NaN in numeric) are left out. "" where the two agree within `tolerance` (relative error).
std::string kind_of_mistake(const std::vector<double>& analytic, const std::vector<double>& numeric, const Shape& shape,
                            double tolerance = 1e-5);

}  // namespace tend
