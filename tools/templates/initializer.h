#pragma once
#include <cmath>
#include <string>
#include <tuple>

#include "tend/network/initializer.h"

namespace tend {

/// @Type@: normal with variance gain^2 / fan_in.   Paper: authors (year), equation. Default: gain = 1, and where it comes from.
struct @Type@ {
  double gain = 1;

  static constexpr auto fields = std::tuple{field_of<@Type@>("gain", &@Type@::gain, above(0), "", "One full sentence.")};
  static constexpr std::string_view value_field = "gain";

  void fill(double* w, const FillTarget& target, Random& random) const {
    const double deviation = gain / std::sqrt(static_cast<double>(target.fan_in));
    for (std::int64_t i = 0; i < target.shape.count(); ++i) w[i] = deviation * random.normal();
  }
  std::string formula() const { return "normal, variance gain^2 / fan_in"; }
};

}  // namespace tend
