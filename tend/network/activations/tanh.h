#pragma once
#include <array>
#include <tuple>

#include "tend/base/math.h"
#include "tend/network/activation.h"

namespace tend {

/// Tanh: y = tanh(z). Derivative 1 - y^2.
struct Tanh {
  static constexpr std::tuple<> fields{};
  static constexpr bool needs_input = false;
  static constexpr std::array<double, 0> kinks{};
  static constexpr double lowest = -1, highest = 1, steepest_slope = 1;

  template <class T>
  T value(T z) const {
    using namespace tend::math;
    return tanh(z);
  }
  template <class T>
  T slope(T, T y) const {
    return (T(1) - y) * (T(1) + y);
  }
};

}  // namespace tend
