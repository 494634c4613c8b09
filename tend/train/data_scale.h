#pragma once
#include <vector>

#include "tend/train/plan.h"

namespace tend {

/// Outputs [rows, the node's shape] of a node of the network for prepared rows x [rows, ...]: in inference, or in the forward
/// pass of training (dropout, statistics of the batch). Of a pack: those of one member. The state does not change.
std::vector<float> values_at(const Plan& plan, const Block& state, int node, bool training, const float* x, std::int64_t rows,
                             Executor& executor, int member = 0);

/// The first rows of the plan's sample of training rows, at most so many, and few enough that they hold 4 million numbers.
struct SomeRows {
  std::vector<float> x;  ///< [count, ...], prepared
  std::int64_t count = 0;
};
SomeRows some_rows(const Plan& plan, std::int64_t most);

/// For initializers that need data: divides the weights of each layer, in order, by the standard deviation of the layer's output
/// before the following activation, on the first batch_size training rows in training. If a deviation is 0 or not finite, the
/// weights do not change. Statistics and counters do not change; moving averages stay equal to their weights. Throws Error{usage}
/// for such an initializer where members of a pack have layers of their own.
void scale_by_data(const Plan& plan, Executor& executor, Block& state);

}  // namespace tend
