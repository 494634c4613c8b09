#pragma once
#include <array>
#include <tuple>

#include "tend/base/math.h"
#include "tend/network/activation.h"

namespace tend {

/// HardSigmoid: y = clip((z + 3) / 6, 0, 1), as in PyTorch (Howard et al., 2019). Derivative 1/6 inside (-3, 3), otherwise 0.
/// Kinks at -3, 3.
struct HardSigmoid {
  static constexpr std::tuple<> fields{};
  static constexpr bool needs_input = true;
  static constexpr std::array<double, 2> kinks{-3.0, 3.0};
  static constexpr double lowest = 0, highest = 1, steepest_slope = 1.0 / 6;

  template <class T>
  T value(T z) const {
    using namespace tend::math;
    const T t = (z + T(3)) * T(1.0 / 6);
    return select(t < T(0), T(0), select(t > T(1), T(1), t));
  }
  template <class T>
  T slope(T z, T) const {
    using namespace tend::math;
    return select(abs(z) < T(3), T(1.0 / 6), select(abs(z) >= T(3), T(0), z));
  }
};

}  // namespace tend
