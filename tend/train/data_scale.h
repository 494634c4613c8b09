#pragma once
#include <vector>

#include "tend/train/plan.h"

namespace tend {

/// Outputs [rows, the node's shape] of a node of the network for prepared rows x [rows, ...]: in inference, or in the forward
/// pass as training takes it (dropout, statistics of the batch). The state is left as it is.
std::vector<float> values_at(const Plan& plan, const Block& state, int node, bool training, const float* x, std::int64_t rows,
                             Executor& executor);

/// For initializers that need data: layer by layer, in order, divides their weights by the standard deviation of the layer's
/// output, before the activation that follows, on the first batch_size training rows in training. A deviation that is 0 or not
/// finite leaves the weights as they are; statistics and counters of the state stay; moving averages stay equal to their weights.
void scale_by_data(const Plan& plan, Executor& executor, Block& state);

}  // namespace tend
