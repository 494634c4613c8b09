#pragma once
#include <optional>

#include "tend/check/setup.h"

namespace tend {

/// A column of numbers of a table in which few cells, far from all others, decide the scale: among the training rows as they were
/// read, they make up more than 95 % of the column's squared distances from its median (check/far_values.h), and no step of the
/// preparation bounds them. Tables of more than 10 million cells are not judged.
std::optional<CheckResult> far_inputs(const Setup& setup);

}  // namespace tend
