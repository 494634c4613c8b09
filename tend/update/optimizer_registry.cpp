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

void OptimizerEntry::fill(StepInputs& in, double learning_rate, std::int64_t update) const {
  in.learning_rate = learning_rate;
  in.update = update;
  const SweepFunctions f = functions(ElementType::float64, Isa::reference);
  f.constants(f.self, learning_rate, update, in.optimizer);
}

void OptimizerEntry::fill(GroupInputs& in, double learning_rate, std::int64_t update) const {
  in.learning_rate = learning_rate;
  const SweepFunctions f = functions(ElementType::float64, Isa::reference);
  f.constants(f.self, learning_rate, update, in.optimizer);
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
