#pragma once

namespace tend {

const char* version();  ///< "0.1.0"

}  // namespace tend
