#include "tend/network/initializer_registry.h"

#include "tend/network/initializers.h"

namespace tend {

const Registry<InitializerEntry>& builtin_initializers() {
  static const Registry<InitializerEntry> all = [] {
    Registry<InitializerEntry> registry;
    for_each_type(all_initializers{}, [&]<class I> { registry.add<InitializerModel, I>(); });
    return registry;
  }();
  return all;
}

}  // namespace tend
