#include "tend/base/version.h"

namespace tend {

const char* version() { return TEND_VERSION; }

}  // namespace tend
