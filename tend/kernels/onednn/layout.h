#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "tend/kernels/onednn/library.h"

namespace tend::onednn {

/// Describes where oneDNN keeps a weight in a blocked format: the weight (filter, channel, row, column) is at filter[k] +
/// channel[c] + row[h] + column[w]. Filters and channels are padded to whole blocks.
struct WeightsLayout {
  std::vector<std::int64_t> filter, channel, row, column;
  std::int64_t filters, channels;  ///< without padding
  std::int64_t count;              ///< elements, including padding

  explicit WeightsLayout(const dnnl::memory::desc& weights);
  /// Returns whether the layout is [kernel_height, kernel_width, channels, filters], as in tend.
  bool is_plain() const;
};

}  // namespace tend::onednn
