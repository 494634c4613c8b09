#pragma once
#include "tend/monitor/history.h"

namespace tend {

/// Finds where the first number that is not finite arose in a training that ended: goes on from the last good state, which is
/// that of an epoch's end, to the step, and looks at its inputs, outputs, loss, gradients and new weights, in this order. Step 0:
/// all numbers are finite, or the place cannot be reached within 20,000 steps.
FirstNotFinite first_not_finite(const Training& training);

}  // namespace tend
