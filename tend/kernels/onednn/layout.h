#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "tend/kernels/onednn/library.h"

namespace tend::onednn {

/// Where oneDNN keeps the element of weights at (filter, channel, row, column) of a blocked format: at
/// filter[k] + channel[c] + row[h] + column[w]. Filters and channels are padded up to whole blocks.
struct WeightsLayout {
  std::vector<std::int64_t> filter, channel, row, column;
  std::int64_t filters, channels;  ///< without padding
  std::int64_t count;              ///< elements, padding included

  explicit WeightsLayout(const dnnl::memory::desc& weights);
  /// Whether it is [kernel_height, kernel_width, channels, filters], as tend keeps weights.
  bool is_plain() const;
};

}  // namespace tend::onednn
