#pragma once
#include <vector>

#include "tend/monitor/history.h"
#include "tend/train/run.h"

namespace tend {

/// The outputs of the activations but the last one, in inference with the present weights, for at most 512 of the training rows.
std::vector<LayerState> layer_states(const Run& run);

}  // namespace tend
