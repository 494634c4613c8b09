#pragma once
#include <optional>

#include "tend/data/array/numbers.h"
#include "tend/data/settings.h"

namespace tend {

/// Makes a Dataset from inputs and targets. x: [N, F] a table, [N, H, W] grey images, [N, H, W, C] images (settings.layout
/// = "nchw": [N, C, H, W]). Without y a table's target is its last column or that of the settings. Throws Error{data}.
Dataset dataset_of_arrays(const FileArray& x, const std::optional<FileArray>& y, const DataSettings& settings,
                          const Dataset* like, bool target_may_be_absent, const std::string& where);

/// The same for arrays in memory: x float64 [N, F] or uint8 [N, H, W, C], y float64 [N, T].
Dataset dataset_of_numbers(Array x, const Array& y, const DataSettings& settings, const Dataset* like, const std::string& where,
                           bool target_may_be_absent = false);

}  // namespace tend
