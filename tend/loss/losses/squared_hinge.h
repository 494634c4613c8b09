#pragma once
#include <cstdint>
#include <string_view>
#include <tuple>

#include "tend/base/math.h"
#include "tend/loss/at_class.h"
#include "tend/loss/loss.h"

namespace tend {

/// Squared hinge over classes: for class c the sum over j other than c of max(0, d_j)^2, d_j = 1 + o_j - o_c; for target rows of
/// 0 and 1 the sum of max(0, 1 - s_j o_j)^2, s_j = 2 t_j - 1. Slope 2 max(0, d_j) on o_j, minus their sum on o_c. Tang, 2013,
/// "Deep learning using linear support vector machines".
struct SquaredHinge {
  static constexpr std::tuple<> fields{};
  static constexpr bool takes_codes = true;
  static constexpr std::string_view kind = "logits_classes";
  static constexpr double decides_at = 0.0;

  template <class T>
  T row(const T* o, const T* t, std::int64_t k, T* slope) const {
    using namespace tend::math;
    const T own = at_class(o, t[0], k);
    T value(0), pull(0), place(0);
    for (std::int64_t j = 0; j < k; ++j) {
      const T d = T(1) + o[j] - own, m = select(d < T(0), T(0), d);
      value += select(place == t[0], T(0), m * m);
      const T push = select(place == t[0], T(0), (T(2) * m));
      pull += push;
      if (slope) slope[j] = push;
      place = place + T(1);
    }
    place = T(0);
    for (std::int64_t j = 0; j < k && slope; ++j) {
      slope[j] = select(place == t[0], -pull, slope[j]);
      place = place + T(1);
    }
    return value;
  }

  template <class T>
  T target_row(const T* o, const T* t, std::int64_t k, T* slope) const {
    using namespace tend::math;
    T value(0);
    for (std::int64_t j = 0; j < k; ++j) {
      const T side = T(2) * t[j] - T(1), d = T(1) - side * o[j], m = select(d < T(0), T(0), d);
      value += m * m;
      if (slope) slope[j] = -side * (T(2) * m);
    }
    return value;
  }
};

}  // namespace tend
