#include "tend/check/check_registry.h"

#include "tend/check/checks.h"

namespace tend {

const Registry<CheckEntry>& builtin_checks() {
  static const Registry<CheckEntry> all = [] {
    Registry<CheckEntry> registry;
    for_each_type(all_checks{}, [&]<class C> { registry.add<CheckModel, C>(); });
    return registry;
  }();
  return all;
}

}  // namespace tend
