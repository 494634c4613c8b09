#include "tend/kernels/between_passes.h"

#include <cmath>

#include "tend/kernels/function_kernel.h"

namespace tend {

void emit_between_passes(const Backend& backend, Emitter& e, const SweepFunctions& f, const std::vector<SweepSegment>& segments,
                         const std::vector<Slot>& slots, Slot facts, Slot factors) {
  if (f.emit_between) f.emit_between(backend, e, segments, slots);
  e.call(make_kernel({.name = "factors"},
                     [f, segments](void* const* o, int, void*) {
                       const auto* sums = static_cast<const double*>(o[0]);
                       for (std::size_t i = 0; i < segments.size(); ++i) {
                         const std::int64_t columns = segments[i].columns;
                         static_cast<double*>(o[1])[i] = f.factor({.weight_norm = std::sqrt(sums[2 * i]),
                                                                   .direction_norm = std::sqrt(sums[2 * i + 1]),
                                                                   .rows = columns ? segments[i].count / columns : 0,
                                                                   .columns = columns});
                       }
                     }),
         {facts, factors});
}

}  // namespace tend
