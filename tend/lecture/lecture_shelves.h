#pragma once
#include "tend/experiment/shelves.h"

namespace tend {

/// The built-in shelves, and entries that are wrong on purpose: for statements that show how a mistake is found.
///   tanh_with_mistake   an activation: tanh, but its derivative is 1 - y in place of 1 - y^2
const Shelves& lecture_shelves();

}  // namespace tend
