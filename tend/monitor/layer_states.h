#pragma once
#include <vector>

#include "tend/monitor/history.h"
#include "tend/train/run.h"

namespace tend {

/// The outputs of the activations but the last one, in inference with the present weights, for at most so many of the training
/// rows.
std::vector<LayerState> layer_states(const Run& run, std::int64_t most_rows = 512);
/// The same as the forward pass of training computes them where a layer normalizes by the statistics of the batch: before the
/// first step the running statistics say nothing.
std::vector<LayerState> layer_states_of_training(const Run& run);
/// The steps between two looks at `most_rows` rows that cost at most half a percent of the training: by floating-point
/// operations, and 200 steps at least.
std::int64_t steps_between_looks(const Plan& plan, std::int64_t most_rows);

}  // namespace tend
