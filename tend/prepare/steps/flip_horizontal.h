#pragma once
#include <utility>

#include "tend/prepare/step.h"

namespace tend {

/// Mirrors a training image left to right with probability 1/2.
struct FlipHorizontal {
  static constexpr std::string_view about = "Mirrors each training image left to right with probability 1/2, anew in each epoch.";
  static constexpr auto fields = std::tuple<>{};

  void check(const Shape& row) const {
    if (row.rank() != 3)
      throw Error(Trouble::usage, "prepare.flip_horizontal", "rows of the shape " + row.text(),
                  "images [height, width, channels]");
  }
  void augment(float* image, const Shape& row, Random& random) const {
    if (random.uniform() >= 0.5) return;
    const std::int64_t height = row[0], width = row[1], channels = row[2];
    for (std::int64_t i = 0; i < height; ++i) {
      float* left = image + i * width * channels;
      float* right = left + (width - 1) * channels;
      for (; left < right; left += channels, right -= channels)
        for (std::int64_t c = 0; c < channels; ++c) std::swap(left[c], right[c]);
    }
  }
};

}  // namespace tend
