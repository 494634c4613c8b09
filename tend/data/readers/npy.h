#pragma once
#include "tend/data/reader.h"

namespace tend {

/// NumPy's files: .npy (a table whose last column is the target, or images with the file of data.labels) and .npz (arrays x and
/// y). Only numbers and booleans. Axes: rows x height x width x channels; data.layout = "nchw" for channels first.
struct Npy {
  static constexpr auto fields = std::tuple<>{};
  Claim claims(const Source& source) const;
  Dataset read(const Source& source, const Reading& reading) const;
};

}  // namespace tend
