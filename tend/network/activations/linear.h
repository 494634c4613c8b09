#pragma once
#include <array>
#include <tuple>

#include "tend/base/math.h"
#include "tend/network/activation.h"

namespace tend {

/// Linear: y = z. Derivative 1.
struct Linear {
  static constexpr std::tuple<> fields{};
  static constexpr bool needs_input = false;
  static constexpr std::array<double, 0> kinks{};
  static constexpr bool is_identity = true;

  template <class T>
  T value(T z) const {
    return z;
  }
  template <class T>
  T slope(T, T) const {
    return T(1);
  }
};

}  // namespace tend
