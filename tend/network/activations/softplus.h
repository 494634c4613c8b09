#pragma once
#include <array>
#include <tuple>

#include "tend/base/math.h"
#include "tend/network/activation.h"

namespace tend {

/// Softplus: y = log(1 + exp(z)) = max(z, 0) + log1p(exp(-|z|)). Derivative: the sigmoid of z = 1 - exp(-y). Dugas et al., 2001.
struct Softplus {
  static constexpr std::tuple<> fields{};
  static constexpr bool needs_input = false;
  static constexpr std::array<double, 0> kinks{};
  static constexpr std::string_view weight_initializer = "he_normal";
  static constexpr double lowest = 0;

  template <class T>
  T value(T z) const {
    using namespace tend::math;
    return select(z < T(0), T(0), z) + log1p(exp(-abs(z)));
  }
  template <class T>
  T slope(T, T y) const {
    using namespace tend::math;
    return -expm1(-y);
  }
};

}  // namespace tend
