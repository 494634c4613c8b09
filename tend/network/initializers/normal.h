#pragma once
#include <cmath>
#include <string>
#include <tuple>

#include "tend/network/initializer.h"

namespace tend {

/// Normal: N(0, deviation). Default 0.05, as in Keras.
struct Normal {
  double deviation = 0.05;

  static constexpr auto fields = std::tuple{
      field_of<Normal>("deviation", &Normal::deviation, at_least(0), "", "The standard deviation.")};
  static constexpr std::string_view value_field = "deviation";

  void fill(double* w, const FillTarget& target, Random& random) const {
    for (std::int64_t i = 0; i < target.shape.count(); ++i) w[i] = deviation * random.normal();
  }
  std::string formula() const { return "normal, given deviation"; }
};

}  // namespace tend
