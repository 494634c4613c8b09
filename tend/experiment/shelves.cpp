#include "tend/experiment/shelves.h"

namespace tend {

const Shelves& builtin_shelves() {
  static const Shelves shelves;
  return shelves;
}

}  // namespace tend
