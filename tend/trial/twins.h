#pragma once
#include <vector>

#include "tend/trial/context.h"

namespace tend {

/// Nodes before the last weights whose units all start with the same weights, and whose weights stay equal in a few plain
/// gradient steps on a few rows: training will not make them different. Where no units start with the same weights, no step is
/// taken.
std::vector<std::size_t> units_that_stay_alike(const TrialContext& context);

}  // namespace tend
