#pragma once
#include "tend/gradcheck/gradient_check.h"
#include "tend/train/run.h"

namespace tend {

/// Are the gradients right in the run's present state? Checked on a few training rows, on fewer where they are expensive
/// (gradcheck/gradient_check.h); of a pack, those of its first network. The run is not changed.
GradientReport check_gradients(const Run& of, const GradientCheckOptions& options);

/// How far central differences with this step are from backpropagation (difference_error in gradcheck/gradient_check.h), on one
/// or two training rows in the run's present state.
double difference_error(const Run& of, double step, bool in_float32);

}  // namespace tend
