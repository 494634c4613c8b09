#include "tend/tune/stopper_registry.h"

#include "tend/tune/stoppers.h"

namespace tend {

const Registry<StopperEntry>& builtin_stoppers() {
  static const Registry<StopperEntry> all = [] {
    Registry<StopperEntry> registry;
    for_each_type(all_stoppers{}, [&]<class S> { registry.add<StopperModel, S>(); });
    return registry;
  }();
  return all;
}

}  // namespace tend
