#pragma once
#include <array>
#include <tuple>

#include "tend/base/math.h"
#include "tend/network/activation.h"

namespace tend {

/// @Type@: y = alpha z.   Derivative: alpha.   Paper: authors (year), equation. Default: alpha = 1, and where it comes from.
struct @Type@ {
  double alpha = 1;

  static constexpr auto fields = std::tuple{field_of<@Type@>("alpha", &@Type@::alpha, any_number(), "", "One full sentence.")};
  static constexpr std::string_view value_field = "alpha";
  static constexpr bool needs_input = false;
  static constexpr std::array<double, 0> kinks{};

  template <class T>
  T value(T z) const {
    using namespace tend::math;
    return T(alpha) * z;
  }
  template <class T>
  T slope(T, T) const {
    return T(alpha);
  }
};

}  // namespace tend
