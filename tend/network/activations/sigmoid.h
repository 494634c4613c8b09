#pragma once
#include <array>
#include <tuple>

#include "tend/base/math.h"
#include "tend/network/activation.h"

namespace tend {

/// Sigmoid: y = 1 / (1 + exp(-z)), written with exp(-|z|) so that nothing overflows. Derivative y (1 - y).
struct Sigmoid {
  static constexpr std::tuple<> fields{};
  static constexpr bool needs_input = false;
  static constexpr std::array<double, 0> kinks{};
  static constexpr double lowest = 0, highest = 1, steepest_slope = 0.25;

  template <class T>
  T value(T z) const {
    using namespace tend::math;
    const T small = exp(-abs(z));
    return select(z < T(0), small, T(1)) / (T(1) + small);
  }
  template <class T>
  T slope(T, T y) const {
    return y * (T(1) - y);
  }
};

}  // namespace tend
