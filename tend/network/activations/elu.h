#pragma once
#include <array>
#include <tuple>

#include "tend/base/math.h"
#include "tend/network/activation.h"

namespace tend {

/// Elu: y = z for z >= 0, alpha (exp(z) - 1) below. Derivative: 1, or y + alpha below. Clevert et al., 2016, eq. 15. Default
/// alpha = 1. A kink at 0 unless alpha is 1.
struct Elu {
  double alpha = 1;

  static constexpr auto fields = std::tuple{
      field_of<Elu>("alpha", &Elu::alpha, at_least(0), "", "The output approaches minus this value for large negative inputs.")};
  static constexpr std::string_view value_field = "alpha";
  static constexpr bool needs_input = false;
  static constexpr std::array<double, 1> kinks{0.0};
  static constexpr std::string_view weight_initializer = "he_normal";

  template <class T>
  T value(T z) const {
    using namespace tend::math;
    return select(z < T(0), T(alpha) * expm1(z), z);
  }
  template <class T>
  T slope(T, T y) const {
    using namespace tend::math;
    return select(y < T(0), y + T(alpha), select(y >= T(0), T(1), y));
  }
};

}  // namespace tend
