#pragma once
#include <algorithm>
#include <cstring>

#include "tend/prepare/step.h"

namespace tend {

/// Shifts a training image by -padding .. padding pixels on each axis and fills with zeros. This equals padding and cropping back
/// to the size. {random_crop = 32, padding = 4}: the size must be that of the images.
struct RandomCrop {
  static constexpr std::string_view about =
      "Pads each training image with zeros and cuts it at a random place, anew in each epoch.";
  std::int64_t size = 0, padding = 4;
  static constexpr auto fields = std::tuple{
      field_of<RandomCrop>("size", &RandomCrop::size, at_least(1), "pixels", "The height and width of the images."),
      field_of<RandomCrop>("padding", &RandomCrop::padding, at_least(0), "pixels", "The largest shift of an image.")};
  static constexpr std::string_view value_field = "size";

  void check(const Shape& row) const {
    if (row.rank() != 3)
      throw Error(Trouble::usage, "prepare.random_crop", "rows of the shape " + row.text(), "images [height, width, channels]");
    if (row[0] != size || row[1] != size)
      throw Error(Trouble::usage, "prepare.random_crop", std::to_string(size),
                  "the images' size, " + std::to_string(row[0]) + " x " + std::to_string(row[1]));
  }
  void augment(float* image, const Shape& row, Random& random) const {
    const auto range = static_cast<std::uint64_t>(2 * padding + 1);
    const std::int64_t down = static_cast<std::int64_t>(random.below(range)) - padding;
    const std::int64_t right = static_cast<std::int64_t>(random.below(range)) - padding;
    const std::int64_t height = row[0], line = row[1] * row[2], offset = std::clamp(right * row[2], -line, line);
    const auto shift_line = [&](const float* from, float* to) {
      const std::int64_t start = std::max<std::int64_t>(0, offset), kept = line - std::abs(offset);
      std::memmove(to + std::max<std::int64_t>(0, -offset), from + start, sizeof(float) * static_cast<std::size_t>(kept));
      std::memset(offset > 0 ? to + kept : to, 0, sizeof(float) * static_cast<std::size_t>(line - kept));
    };
    // In place: lines are copied from below or from above, so the loop runs in the direction that reads lines before writing.
    for (std::int64_t k = 0; k < height; ++k) {
      const std::int64_t i = down >= 0 ? k : height - 1 - k, from = i + down;
      float* to = image + i * line;
      if (from < 0 || from >= height) std::memset(to, 0, sizeof(float) * static_cast<std::size_t>(line));
      else shift_line(image + from * line, to);
    }
  }
};

}  // namespace tend
