#pragma once
#include "tend/prepare/step.h"

namespace tend {

/// Converts grey images to RGB with three equal channels. RGB images do not change.
struct Rgb {
  static constexpr std::string_view about = "Converts grey images to three equal channels.";
  static constexpr auto fields = std::tuple<>{};

  void fit(const Frame&) {}
  void apply(Frame& rows) const {
    if (!rows.is_image() || (rows.channels() != 3 && rows.channels() != 1))
      throw Error(Trouble::usage, "prepare.rgb", "rows of the shape " + rows.row_shape().text(), "images [height, width, 1]");
    if (rows.channels() == 3) return;
    if (rows.holds_bytes() && !rows.holds_plain_bytes()) rows.floats();
    Array wide({rows.rows(), rows.x().shape()[1], rows.x().shape()[2], 3}, rows.x().type());
    const auto copy = [&](const auto* in, auto* out) {
      for (std::int64_t i = 0, n = wide.shape().count(); i < n; ++i) out[i] = in[i / 3];
    };
    const bool has_bytes = rows.holds_bytes();
    if (has_bytes) copy(rows.x().as<std::uint8_t>(), wide.as<std::uint8_t>());
    else copy(rows.x().as<float>(), wide.as<float>());
    rows.set_x(std::move(wide));
    if (has_bytes) rows.forget_bytes_scale(3);
  }
};

}  // namespace tend
