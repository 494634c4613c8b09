#pragma once
#include <array>
#include <tuple>

#include "tend/base/math.h"
#include "tend/network/activation.h"

namespace tend {

/// Selu: y = lambda z for z >= 0, lambda alpha (exp(z) - 1) below. Derivative: lambda, or y + lambda alpha below. A kink at 0.
/// Klambauer et al., 2017, eq. 2: alpha 1.6732632423543772, lambda 1.0507009873554805.
struct Selu {
  static constexpr double alpha = 1.6732632423543772, lambda = 1.0507009873554805;
  static constexpr std::tuple<> fields{};
  static constexpr bool needs_input = false;
  static constexpr std::array<double, 1> kinks{0.0};
  static constexpr std::string_view weight_initializer = "lecun_normal";

  template <class T>
  T value(T z) const {
    using namespace tend::math;
    return T(lambda) * select(z < T(0), T(alpha) * expm1(z), z);
  }
  template <class T>
  T slope(T, T y) const {
    using namespace tend::math;
    return select(y < T(0), y + T(lambda * alpha), select(y >= T(0), T(lambda), y));
  }
};

}  // namespace tend
