#pragma once
#include <array>
#include <tuple>

#include "tend/base/math.h"
#include "tend/network/activation.h"

namespace tend {

/// Gelu: y = z Phi(z), Phi(z) = (1 + erf(z / sqrt 2)) / 2 (exact). Derivative Phi(z) + z exp(-z^2 / 2) / sqrt(2 pi).
/// Hendrycks and Gimpel, 2016.
struct Gelu {
  static constexpr std::tuple<> fields{};
  static constexpr bool needs_input = true;
  static constexpr std::array<double, 0> kinks{};
  static constexpr std::string_view weight_initializer = "he_normal";

  template <class T>
  T value(T z) const {
    using namespace tend::math;
    // At -inf the product is inf * 0. Its limit is 0.
    const T y = T(0.5) * z * (T(1) + erf(z * T(0.70710678118654752)));
    return select(z < T(-40), T(0), y);
  }
  template <class T>
  T slope(T z, T) const {
    using namespace tend::math;
    const T bell = T(0.39894228040143268) * exp(T(-0.5) * z * z);
    return T(0.5) * (T(1) + erf(z * T(0.70710678118654752))) + select(abs(z) > T(40), T(0), z) * bell;
  }
};

}  // namespace tend
