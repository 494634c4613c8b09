#pragma once
#include <vector>

#include "tend/check/setup.h"

namespace tend {

/// Rows of each class in a part of a classification; all places count where a row has many.
std::vector<double> class_counts(const Part& part, std::int64_t classes);

/// What is wrong with the classes of the training rows, by themselves and against held-out rows; thresholds in
/// checks/data_quality.h. `counts` may be empty of rows.
std::vector<CheckResult> judge_classes(const Setup& setup, const std::vector<double>& training,
                                       const std::vector<double>& held_out);

}  // namespace tend
