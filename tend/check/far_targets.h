#pragma once
#include <vector>

#include "tend/check/setup.h"

namespace tend {

/// A column of the targets of a part, in its order.
std::vector<double> target_column(const Part& part, std::int64_t t);
/// Of a regression: for each target column the few values, far from all others (check/far_values.h), that make up most of the
/// squared error: of training rows, where the loss squares it; otherwise of validation or test rows, where no tail has them.
std::vector<CheckResult> far_targets(const Setup& setup);

}  // namespace tend
