#pragma once
#include <cmath>
#include <string>
#include <tuple>

#include "tend/network/initializer.h"

namespace tend {

/// HeUniform: uniform, variance 2 / fan_in. He et al., 2015, eq. 10.
struct HeUniform {
  double gain = 1;

  static constexpr auto fields = std::tuple{
      field_of<HeUniform>("gain", &HeUniform::gain, at_least(0), "", "The factor of the standard deviation.")};
  static constexpr std::string_view value_field = "gain";

  void fill(double* w, const FillTarget& target, Random& random) const {
    const double limit = gain * std::sqrt(3 * 2 / static_cast<double>(target.fan_in));
    for (std::int64_t i = 0; i < target.shape.count(); ++i) w[i] = random.uniform(-limit, limit);
  }
  std::string formula() const { return "uniform, variance 2 / fan_in"; }
};

}  // namespace tend
