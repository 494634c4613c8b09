#pragma once
#include <tuple>
#include <vector>

#include "tend/prepare/step.h"

namespace tend {

/// @Type@: x = (x - shift) factor, by column or channel.   Default: factor = 1, and where it comes from.
struct @Type@ {
  static constexpr std::string_view about = "One full sentence.";
  double factor = 1;

  static constexpr auto fields = std::tuple{field_of<@Type@>("factor", &@Type@::factor, any_number(), "", "One full sentence.")};
  static constexpr std::string_view value_field = "factor";

  void fit(const Frame&) {}
  void apply(Frame& rows) const {
    const auto channels = static_cast<std::size_t>(rows.channels());
    rows.shift_and_scale(std::vector<double>(channels, 0), std::vector<double>(channels, factor));
  }
};

}  // namespace tend
