#pragma once
#include <cmath>
#include <string>
#include <tuple>

#include "tend/network/initializer.h"

namespace tend {

/// LecunNormal: normal, variance 1 / fan_in. LeCun et al., 1998, "Efficient BackProp", eq. 16.
struct LecunNormal {
  double gain = 1;

  static constexpr auto fields = std::tuple{
      field_of<LecunNormal>("gain", &LecunNormal::gain, at_least(0), "", "The factor of the standard deviation.")};
  static constexpr std::string_view value_field = "gain";

  void fill(double* w, const FillTarget& target, Random& random) const {
    const double deviation = gain * std::sqrt(1 / static_cast<double>(target.fan_in));
    for (std::int64_t i = 0; i < target.shape.count(); ++i) w[i] = deviation * random.normal();
  }
  std::string formula() const { return "normal, variance 1 / fan_in"; }
};

}  // namespace tend
