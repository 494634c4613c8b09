#pragma once
#include "tend/gradcheck/gradient_check.h"
#include "tend/train/run.h"

namespace tend {

/// Are the gradients right, as the run's state is now? On a few training rows, fewer where they are dear
/// (gradcheck/gradient_check.h); the run is left as it is.
GradientReport check_gradients(const Run& run, const GradientCheckOptions& options);

}  // namespace tend
