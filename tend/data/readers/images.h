#pragma once
#include "tend/data/reader.h"

namespace tend {

/// JPEG, PNG, BMP, TIFF and WebP images of a folder or tar by class: PATH/CLASS/*, or PATH/{train, validation|val|valid,
/// test}/CLASS/* for the parts. Rows alternate between the classes (first file of each class, second file of each ...), so any
/// prefix is balanced. Images are grey if all are grey, otherwise RGB; EXIF is obeyed. Their samples are bytes; if an image has
/// 16 bits, they are floats of 0 .. 65535, and bytes are multiplied by 257. If sizes differ: settings.height x width, the median
/// if common_size is set, otherwise an Error that names the step resize. Prediction accepts one image or a folder without
/// classes.
struct Images {
  static constexpr auto fields = std::tuple<>{};
  Claim claims(const Source& source) const;
  Dataset read(const Source& source, const Reading& reading) const;
};

}  // namespace tend
