#pragma once
#include <array>
#include <limits>
#include <tuple>

#include "tend/base/math.h"
#include "tend/network/activation.h"

namespace tend {

/// Exponential: y = exp(z). Derivative y.
struct Exponential {
  static constexpr std::tuple<> fields{};
  static constexpr bool needs_input = false;
  static constexpr std::array<double, 0> kinks{};
  static constexpr double lowest = 0, steepest_slope = std::numeric_limits<double>::infinity();

  template <class T>
  T value(T z) const {
    using namespace tend::math;
    return exp(z);
  }
  template <class T>
  T slope(T, T y) const {
    return y;
  }
};

}  // namespace tend
