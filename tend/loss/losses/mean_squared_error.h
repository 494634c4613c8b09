#pragma once
#include <cstdint>
#include <string_view>
#include <tuple>

#include "tend/base/math.h"
#include "tend/loss/loss.h"

namespace tend {

/// Mean squared error: mean over outputs of (o - t)^2. Slope 2 (o - t) / k.
struct MeanSquaredError {
  static constexpr std::tuple<> fields{};
  static constexpr bool takes_codes = false;
  static constexpr std::string_view kind = "values";
  static constexpr int error_power = 2;
  static constexpr double decides_at = 0.5;

  template <class T>
  T row(const T* o, const T* t, std::int64_t k, T* slope) const {
    using namespace tend::math;
    const T share = T(1) / T(static_cast<double>(k));
    T value(0);
    for (std::int64_t j = 0; j < k; ++j) {
      const T d = o[j] - t[j];
      value += d * d;
      if (slope) slope[j] = T(2) * d * share;
    }
    return value * share;
  }
};

}  // namespace tend
