#pragma once
#include <cmath>
#include <string>
#include <tuple>

#include "tend/network/initializer.h"

namespace tend {

/// Uniform: U(-limit, limit). Default 0.05, as in Keras.
struct Uniform {
  double limit = 0.05;

  static constexpr auto fields = std::tuple{
      field_of<Uniform>("limit", &Uniform::limit, at_least(0), "", "The weights are between minus this value and this value.")};
  static constexpr std::string_view value_field = "limit";

  void fill(double* w, const FillTarget& target, Random& random) const {
    for (std::int64_t i = 0; i < target.shape.count(); ++i) w[i] = random.uniform(-limit, limit);
  }
  std::string formula() const { return "uniform between -limit and limit"; }
};

}  // namespace tend
