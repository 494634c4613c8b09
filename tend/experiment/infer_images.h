#pragma once
#include "tend/base/value.h"

namespace tend {

/// {kind = value}, as in network.layers.
Value layer(const char* kind, Value value);
/// The layers for images whose smaller side has so many pixels, without the output.
Value image_layers(std::int64_t smaller_side);

}  // namespace tend
