#pragma once
#include <cmath>
#include <string>
#include <tuple>

#include "tend/network/initializer.h"

namespace tend {

/// Xavier: normal, variance 1 / fan_in: randn / sqrt(fan_in), as CS231n writes it (others use this name for Glorot's).
struct Xavier {
  double gain = 1;

  static constexpr auto fields = std::tuple{
      field_of<Xavier>("gain", &Xavier::gain, at_least(0), "", "The factor of the standard deviation.")};
  static constexpr std::string_view value_field = "gain";

  void fill(double* w, const FillTarget& target, Random& random) const {
    const double deviation = gain * std::sqrt(1 / static_cast<double>(target.fan_in));
    for (std::int64_t i = 0; i < target.shape.count(); ++i) w[i] = deviation * random.normal();
  }
  std::string formula() const { return "normal, variance 1 / fan_in"; }
};

}  // namespace tend
