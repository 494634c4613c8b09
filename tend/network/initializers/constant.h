#pragma once
#include <cmath>
#include <string>
#include <tuple>

#include "tend/network/initializer.h"

namespace tend {

/// Constant: all elements have one value. Default 0.
struct Constant {
  double value = 0;

  static constexpr auto fields = std::tuple{
      field_of<Constant>("value", &Constant::value, any_number(), "", "The value of every element.")};
  static constexpr std::string_view value_field = "value";

  void fill(double* w, const FillTarget& target, Random&) const {
    for (std::int64_t i = 0; i < target.shape.count(); ++i) w[i] = value;
  }
  std::string formula() const { return "all one value"; }
};

}  // namespace tend
