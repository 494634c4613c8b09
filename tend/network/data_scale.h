#pragma once
#include <functional>

#include "tend/base/executor.h"
#include "tend/network/network.h"

namespace tend {

/// What initializers that need data are owed: layer by layer, in order, divides their weights by the standard deviation of the layer's
/// output, before the activation that follows, on `rows` rows in training (dropout, statistics of the batch). fill(x) writes these rows'
/// inputs; it is not called where no initializer needs data. A deviation that is 0 or not finite leaves the weights as they are; statistics
/// and counters of the state stay.
void scale_by_data(const Network& network, const StateLayout& layout, const Backend& backend, std::int64_t rows,
                   const std::function<void(float*)>& fill, Executor& executor, Block& state);

}  // namespace tend
