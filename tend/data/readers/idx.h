#pragma once
#include "tend/data/reader.h"

namespace tend {

/// IDX files (LeCun's format of MNIST; also .gz): images-idx3 with labels-idx1 in the same folder, or with the file of
/// data.labels. All element types are read; bytes stay bytes.
struct Idx {
  static constexpr auto fields = std::tuple<>{};
  Claim claims(const Source& source) const;
  Dataset read(const Source& source, const Reading& reading) const;
};

}  // namespace tend
