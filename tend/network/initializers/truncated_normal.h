#pragma once
#include <cmath>
#include <string>
#include <tuple>

#include "tend/network/initializer.h"

namespace tend {

/// TruncatedNormal: N(0, deviation), drawn again beyond 2 deviations. Default 0.05, as in Keras.
struct TruncatedNormal {
  double deviation = 0.05;

  static constexpr auto fields = std::tuple{
      field_of<TruncatedNormal>("deviation", &TruncatedNormal::deviation, at_least(0), "",
                                "The standard deviation before values beyond two deviations are cut off.")};
  static constexpr std::string_view value_field = "deviation";

  void fill(double* w, const FillTarget& target, Random& random) const {
    for (std::int64_t i = 0; i < target.shape.count(); ++i) {
      double z = random.normal();
      while (std::abs(z) > 2) z = random.normal();
      w[i] = deviation * z;
    }
  }
  std::string formula() const { return "normal, cut at 2 deviations"; }
};

}  // namespace tend
