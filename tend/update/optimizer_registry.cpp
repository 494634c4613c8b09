#include "tend/update/optimizer_registry.h"

#include "tend/update/optimizers.h"
#include "tend/update/optimizers_isa.h"

namespace tend {

const Registry<OptimizerEntry>& builtin_optimizers() {
  static const Registry<OptimizerEntry> all = [] {
    Registry<OptimizerEntry> registry;
    add_shelf<OptimizerModel>(registry, all_optimizers{});
    return registry;
  }();
  return all;
}

SweepFunctions compiled_optimizer(int place, Isa isa) {
  if (place < 0) return {};
  switch (isa) {
    case Isa::reference: return {};
#if defined(__x86_64__)
    case Isa::avx2: return avx2::optimizer_at(place);
    case Isa::avx512: return avx512::optimizer_at(place);
#endif
    default: return portable::optimizer_at(place);
  }
}

}  // namespace tend
