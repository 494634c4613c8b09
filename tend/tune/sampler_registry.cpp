#include "tend/tune/sampler_registry.h"

#include "tend/tune/samplers.h"

namespace tend {

const Registry<SamplerEntry>& builtin_samplers() {
  static const Registry<SamplerEntry> all = [] {
    Registry<SamplerEntry> registry;
    for_each_type(all_samplers{}, [&]<class S> { registry.add<SamplerModel, S>(); });
    return registry;
  }();
  return all;
}

}  // namespace tend
