#pragma once
#include "tend/gradcheck/gradient_check.h"
#include "tend/train/run.h"

namespace tend {

/// Are the gradients right in the run's present state? Checked on a few training rows, on fewer where they are expensive
/// (gradcheck/gradient_check.h); the run is not changed.
GradientReport check_gradients(const Run& run, const GradientCheckOptions& options);

}  // namespace tend
