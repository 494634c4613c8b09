#pragma once
#include <array>
#include <tuple>

#include "tend/base/math.h"
#include "tend/network/activation.h"

namespace tend {

/// LeakyRelu: y = z for z >= 0, alpha z below. Derivative 1 or alpha (alpha at the kink, as in PyTorch). Maas et al., 2013.
/// Default alpha = 0.01, as in the paper. The slope reads z: with alpha < 0 the sign of y does not show the sign of z.
struct LeakyRelu {
  double alpha = 0.01;

  static constexpr auto fields = std::tuple{
      field_of<LeakyRelu>("alpha", &LeakyRelu::alpha, any_number(), "", "The slope for negative inputs.")};
  static constexpr std::string_view value_field = "alpha";
  static constexpr bool needs_input = true;
  static constexpr std::array<double, 1> kinks{0.0};
  static constexpr std::string_view weight_initializer = "he_normal";

  template <class T>
  T value(T z) const {
    using namespace tend::math;
    return select(z < T(0), T(alpha) * z, z);
  }
  template <class T>
  T slope(T z, T) const {
    using namespace tend::math;
    return select(z > T(0), T(1), select(z <= T(0), T(alpha), z));
  }
};

}  // namespace tend
