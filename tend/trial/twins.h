#pragma once
#include <vector>

#include "tend/trial/context.h"

namespace tend {

/// Nodes before the last weights whose units all start with the same weights, and whose weights a few plain gradient steps on a
/// few rows move alike, or not at all: whatever keeps them equal, nothing will tell them apart. Where no units start alike, no
/// step is taken.
std::vector<std::size_t> units_that_stay_alike(const TrialContext& context);

}  // namespace tend
