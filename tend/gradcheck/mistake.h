#pragma once
#include <string>
#include <vector>

#include "tend/tensor/shape.h"

namespace tend {

/// The relative error of an analytic derivative against a numeric one: |a - n| / max(|a|, |n|), 0 if both are 0 (CS231n, notes on
/// gradient checks). The divisor is at least `floor`, because differences of values are not more exact.
double relative_error(double analytic, double numeric, double floor = 0);

/// Returns the likely kind of mistake in a wrong gradient, in one sentence: "the sign is wrong", "a factor of 2", "transposed",
/// "never written", "only at the border", "only one row of the batch" ... Both hold a tensor of `shape`, row-major; elements that
/// are NaN in numeric are left out. Returns "" if the two agree within `tolerance` (relative error).
std::string kind_of_mistake(const std::vector<double>& analytic, const std::vector<double>& numeric, const Shape& shape,
                            double tolerance = 1e-5);

}  // namespace tend
