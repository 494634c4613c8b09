#pragma once
#include <cstdint>

#include "tend/train/plan.h"

namespace tend {

/// Batches that a loader makes before they are needed.
inline constexpr std::int64_t fewest_batches_ahead = 3;

/// The bytes that a run of a plan needs on so many threads: state, its copies, gradients (Run::gradient_pair makes a second one),
/// arena, batches and evaluation; not the data, which are shared.
std::int64_t memory_of_run(const Plan& plan, int threads);

}  // namespace tend
