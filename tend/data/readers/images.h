#pragma once
#include "tend/data/reader.h"

namespace tend {

/// JPEG and PNG images of a folder or tar by class: PATH/CLASS/*, or PATH/{train, validation|val|valid, test}/CLASS/*, which are
/// the parts. Rows come from the classes in turn (first file of each class, second file of each ...), so any prefix is balanced.
/// Grey if all are grey, else RGB; EXIF is obeyed. Sizes that differ: settings.height x width, the median where common_size is
/// set, else an Error that names the step resize. To predict, one image or a folder of images without classes will do.
struct Images {
  static constexpr auto fields = std::tuple<>{};
  Claim claims(const Source& source) const;
  Dataset read(const Source& source, const Reading& reading) const;
};

}  // namespace tend
