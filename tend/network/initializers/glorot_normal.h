#pragma once
#include <cmath>
#include <string>
#include <tuple>

#include "tend/network/initializer.h"

namespace tend {

/// GlorotNormal: normal, variance 2 / (fan_in + fan_out). Glorot and Bengio, 2010, eq. 12.
struct GlorotNormal {
  double gain = 1;

  static constexpr auto fields = std::tuple{
      field_of<GlorotNormal>("gain", &GlorotNormal::gain, at_least(0), "", "The factor of the standard deviation.")};
  static constexpr std::string_view value_field = "gain";

  void fill(double* w, const FillTarget& target, Random& random) const {
    const double deviation = gain * std::sqrt(2 / (static_cast<double>(target.fan_in) + static_cast<double>(target.fan_out)));
    for (std::int64_t i = 0; i < target.shape.count(); ++i) w[i] = deviation * random.normal();
  }
  std::string formula() const { return "normal, variance 2 / (fan_in + fan_out)"; }
};

}  // namespace tend
