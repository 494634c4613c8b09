#pragma once
#include <vector>

#include "tend/data/picture/decoder.h"
#include "tend/tensor/array.h"

namespace tend {

/// Writes each picture as a row of x [N, H, W, C], uint8 or float32: resized to H x W, and grey as RGB if C is 3. Floats are
/// scaled so that white is `white`; bytes require pictures of bytes. Frees the samples of the pictures.
void put_pictures(const std::vector<PictureFile*>& pictures, float white, Array& x);

}  // namespace tend
