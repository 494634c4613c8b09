#pragma once
#include "tend/prepare/step.h"

namespace tend {

/// Converts RGB images to grey: 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601, as Pillow). Grey images do not change.
struct Grayscale {
  static constexpr std::string_view about = "Converts colour images to grey.";
  static constexpr auto fields = std::tuple<>{};

  void fit(const Frame&) {}
  void apply(Frame& rows) const {
    if (!rows.is_image() || (rows.channels() != 3 && rows.channels() != 1))
      throw Error(Trouble::usage, "prepare.grayscale", "rows of the shape " + rows.row_shape().text(),
                  "images [height, width, 3]");
    if (rows.channels() == 1) return;
    if (rows.holds_bytes() && !rows.holds_plain_bytes()) rows.floats();
    Array grey({rows.rows(), rows.x().shape()[1], rows.x().shape()[2], 1}, rows.x().type());
    const std::int64_t n = grey.shape().count();
    if (rows.holds_bytes()) {
      const std::uint8_t* in = rows.x().as<std::uint8_t>();
      std::uint8_t* out = grey.as<std::uint8_t>();
      for (std::int64_t i = 0; i < n; ++i, in += 3)
        out[i] = static_cast<std::uint8_t>((in[0] * 19595u + in[1] * 38470u + in[2] * 7471u + 0x8000u) >> 16);
    } else {
      const float* in = rows.x().as<float>();
      float* out = grey.as<float>();
      for (std::int64_t i = 0; i < n; ++i, in += 3) out[i] = 0.299f * in[0] + 0.587f * in[1] + 0.114f * in[2];
    }
    const bool has_bytes = rows.holds_bytes();
    rows.set_x(std::move(grey));
    if (has_bytes) rows.forget_bytes_scale(1);
  }
};

}  // namespace tend
