#include "tend/loss/loss_registry.h"

#include "tend/loss/losses.h"
#include "tend/loss/losses_isa.h"

namespace tend {

const Registry<LossEntry>& builtin_losses() {
  static const Registry<LossEntry> all = [] {
    Registry<LossEntry> registry;
    add_shelf<LossModel>(registry, all_losses{});
    return registry;
  }();
  return all;
}

LossFunctions compiled_loss(int place, Isa isa, bool codes) {
  if (place < 0) return {};
  switch (isa) {
    case Isa::reference: return {};
#if defined(__x86_64__)
    case Isa::avx2: return avx2::loss_at(place, codes);
    case Isa::avx512: return avx512::loss_at(place, codes);
#endif
    default: return portable::loss_at(place, codes);
  }
}

}  // namespace tend
