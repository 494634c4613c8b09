#pragma once
#include <array>
#include <tuple>

#include "tend/base/math.h"
#include "tend/network/activation.h"

namespace tend {

/// Relu: y = max(0, z), NaN kept. Derivative: 1 where y > 0, otherwise 0 (0 at the kink, z = 0). Nair and Hinton, 2010.
struct Relu {
  static constexpr std::tuple<> fields{};
  static constexpr bool needs_input = false;
  static constexpr std::array<double, 1> kinks{0.0};
  static constexpr std::string_view weight_initializer = "he_normal";
  static constexpr double lowest = 0;

  template <class T>
  T value(T z) const {
    using namespace tend::math;
    return select(z < T(0), T(0), z);
  }
  template <class T>
  T slope(T, T y) const {
    using namespace tend::math;
    return select(y <= T(0), T(0), select(y > T(0), T(1), y));
  }
};

}  // namespace tend
