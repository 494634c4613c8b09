#include "tend/network/activation_registry.h"

#include "tend/network/activations.h"
#include "tend/network/activations_isa.h"

namespace tend {

const Registry<ActivationEntry>& builtin_activations() {
  static const Registry<ActivationEntry> all = [] {
    Registry<ActivationEntry> registry;
    add_shelf<ActivationModel>(registry, all_activations{});
    return registry;
  }();
  return all;
}

PointwiseFunctions compiled_activation(int place, Isa isa) {
  if (place < 0) return {};
  switch (isa) {
    case Isa::reference: return {};
#if defined(__x86_64__)
    case Isa::avx2: return avx2::activation_at(place);
    case Isa::avx512: return avx512::activation_at(place);
#endif
    default: return portable::activation_at(place);
  }
}

}  // namespace tend
