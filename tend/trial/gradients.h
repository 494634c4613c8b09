#pragma once
#include "tend/gradcheck/gradient_check.h"
#include "tend/train/run.h"

namespace tend {

/// Are the gradients right in the run's present state? Checked on a few training rows, on fewer where they are expensive
/// (gradcheck/gradient_check.h); of a pack, those of its first network. The run is not changed.
GradientReport check_gradients(const Run& of, const GradientCheckOptions& options);

}  // namespace tend
