#pragma once
#include <vector>

#include "tend/kernels/backend.h"

namespace tend {

/// Slots of an optimizer that finishes as quasi_newton: weights and gradient of the step before, the direction, then so many
/// changes of weights and of gradients in turn, as rings.
inline constexpr int quasi_newton_pairs = 10, quasi_newton_slots = 3 + 2 * quasi_newton_pairs;

/// Emits what stands between the two passes of a sweep (kernels/functions.h, SweepFinish) for any back end, from its own
/// products. facts: for each segment the sums of squared weights and of the squared direction (doubles); factors: out, one double
/// a segment.
void emit_finish(const Backend& backend, Emitter& e, const SweepFunctions& f, const std::vector<SweepSegment>& segments,
                 const std::vector<Slot>& slots, Slot facts, Slot factors);

}  // namespace tend
