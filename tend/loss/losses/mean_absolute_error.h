#pragma once
#include <cstdint>
#include <string_view>
#include <tuple>

#include "tend/base/math.h"
#include "tend/loss/loss.h"

namespace tend {

/// Mean absolute error: mean over outputs of |o - t|. Slope sign(o - t) / k, 0 at the kink o = t.
struct MeanAbsoluteError {
  static constexpr std::tuple<> fields{};
  static constexpr bool takes_codes = false;
  static constexpr std::string_view kind = "values";
  static constexpr int error_power = 1;
  static constexpr double decides_at = 0.5;

  template <class T>
  T row(const T* o, const T* t, std::int64_t k, T* slope) const {
    using namespace tend::math;
    const T share = T(1) / T(static_cast<double>(k));
    T value(0);
    for (std::int64_t j = 0; j < k; ++j) {
      const T d = o[j] - t[j];
      value += abs(d);
      if (slope) slope[j] = select(d > T(0), T(1), select(d < T(0), T(-1), d)) * share;
    }
    return value * share;
  }
};

}  // namespace tend
