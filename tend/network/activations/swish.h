#pragma once
#include <array>
#include <tuple>

#include "tend/base/math.h"
#include "tend/network/activation.h"

namespace tend {

/// Swish: y = z s(z), s the sigmoid. Derivative s(z) (1 + z (1 - s(z))). Ramachandran et al., 2017 (SiLU: Elfwing et al., 2018).
struct Swish {
  static constexpr std::tuple<> fields{};
  static constexpr bool needs_input = true;
  static constexpr std::array<double, 0> kinks{};
  static constexpr std::string_view weight_initializer = "he_normal";

  template <class T>
  T value(T z) const {
    using namespace tend::math;
    const T small = exp(-abs(z)), s = select(z < T(0), small, T(1)) / (T(1) + small);
    // At -inf the product is inf * 0. Its limit is 0.
    return select(z < T(-200), T(0), z) * s;
  }
  template <class T>
  T slope(T z, T) const {
    using namespace tend::math;
    const T small = exp(-abs(z)), s = select(z < T(0), small, T(1)) / (T(1) + small),
            other = select(z < T(0), T(1), small) / (T(1) + small);
    return s * (T(1) + select(abs(z) > T(200), T(0), z) * other);
  }
};

}  // namespace tend
