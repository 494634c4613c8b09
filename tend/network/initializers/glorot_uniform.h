#pragma once
#include <cmath>
#include <string>
#include <tuple>

#include "tend/network/initializer.h"

namespace tend {

/// GlorotUniform: uniform, variance 2 / (fan_in + fan_out). Glorot and Bengio, 2010, eq. 16.
struct GlorotUniform {
  double gain = 1;

  static constexpr auto fields = std::tuple{
      field_of<GlorotUniform>("gain", &GlorotUniform::gain, at_least(0), "", "The factor of the standard deviation.")};
  static constexpr std::string_view value_field = "gain";

  void fill(double* w, const FillTarget& target, Random& random) const {
    const double limit = gain * std::sqrt(3 * 2 / (static_cast<double>(target.fan_in) + static_cast<double>(target.fan_out)));
    for (std::int64_t i = 0; i < target.shape.count(); ++i) w[i] = random.uniform(-limit, limit);
  }
  std::string formula() const { return "uniform, variance 2 / (fan_in + fan_out)"; }
};

}  // namespace tend
