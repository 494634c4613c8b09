#pragma once
#include <array>
#include <tuple>

#include "tend/base/math.h"
#include "tend/network/activation.h"

namespace tend {

/// Mish: y = z tanh(softplus(z)) = z t, t = ((1 + e)^2 - 1) / ((1 + e)^2 + 1), e = exp(z). Derivative t + z (1 - t^2) s(z), s the
/// sigmoid. Misra, 2020, eq. 2.
struct Mish {
  static constexpr std::tuple<> fields{};
  static constexpr bool needs_input = true;
  static constexpr std::array<double, 0> kinks{};
  static constexpr std::string_view weight_initializer = "he_normal";

  template <class T>
  T value(T z) const {
    using namespace tend::math;
    // At -inf the product is -inf * 0. Its limit is 0.
    return select(z < T(-200), T(0), z) * share(z);
  }
  template <class T>
  T slope(T z, T) const {
    using namespace tend::math;
    const T small = exp(-abs(z)), s = select(z < T(0), small, T(1)) / (T(1) + small), t = share(z);
    return t + select(abs(z) > T(200), T(0), z) * (T(1) - t * t) * s;
  }

 private:
  /// tanh(softplus(z)), from u = exp(-|z|), which cannot overflow.
  template <class T>
  static T share(T z) {
    using namespace tend::math;
    const T u = exp(-abs(z)), negative = u * (u + T(2)), positive = T(1) + T(2) * u;
    return select(z < T(0), negative, positive) / select(z < T(0), negative + T(2), positive + T(2) * u * u);
  }
};

}  // namespace tend
