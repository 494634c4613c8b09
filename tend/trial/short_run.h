#pragma once
#include <cstdint>

#include "tend/trial/trial.h"

namespace tend {

/// How a few steps at one learning rate went. Losses are of batches as training computes them.
struct ShortRun {
  double loss = 0;            ///< mean over the last fifth of the steps; +inf where the run exploded
  bool has_exploded = false;  ///< a loss that is not finite, or above `too_much` times the first ones: the run ends there
};

/// From the state that the trial was last restarted with. `start_loss`: what the loss is before the first step, to tell an
/// explosion by.
ShortRun run_short(Trial& trial, double learning_rate, std::int64_t steps, double start_loss);

}  // namespace tend
