#pragma once
#include <vector>

#include "tend/kernels/backend.h"

namespace tend {

/// Emits the calls between the two passes of a sweep, for any back end: the optimizer's own calls, if it has any, then the factor
/// of each tensor. facts: for each segment the sums of squared weights and of the squared direction (doubles). factors: output,
/// one double a segment.
void emit_between_passes(const Backend& backend, Emitter& e, const SweepFunctions& f, const std::vector<SweepSegment>& segments,
                         const std::vector<Slot>& slots, Slot facts, Slot factors);

}  // namespace tend
