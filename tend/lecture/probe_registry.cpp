#include "tend/lecture/probe_registry.h"

#include "tend/lecture/probes.h"

namespace tend {

const Registry<ProbeEntry>& builtin_probes() {
  static const Registry<ProbeEntry> all = [] {
    Registry<ProbeEntry> registry;
    for_each_type(all_probes{}, [&]<class P> { registry.add<ProbeModel, P>(); });
    return registry;
  }();
  return all;
}

}  // namespace tend
