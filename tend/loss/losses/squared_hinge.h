#pragma once
#include <tuple>

#include "tend/base/math.h"
#include "tend/loss/loss.h"

namespace tend {

/// SquaredHinge: for class c, value = sum over j other than c of max(0, 1 + o_j - o_c)^2.
/// One output: max(0, 1 - s o)^2, s = 1 for class 1 and -1 for class 0. Slope 2 x margin on each violating term, minus their sum on o_c; 0 at the kink.
/// Tang, 2013, "Deep learning using linear support vector machines".
struct SquaredHinge {
  static constexpr std::tuple<> fields{};
  static constexpr bool takes_codes = true;
  static constexpr std::string_view kind = "logits_classes";
  static constexpr double decides_at = 0.0;

  template <class T>
  T row(const T* o, const T* t, std::int64_t k, T* slope) const {
    using namespace tend::math;
    if (k == 1) {
      const T side = T(2) * t[0] - T(1), d = T(1) - side * o[0], m = select(d < T(0), T(0), d);
      if (slope) slope[0] = select(d <= T(0), T(0), -side * T(2) * m + (d - d));
      return m * m;
    }
    const auto c = static_cast<std::int64_t>(t[0]);
    T value(0), pull(0);
    for (std::int64_t j = 0; j < k; ++j) {
      const T d = T(1) + o[j] - o[c], m = select(d < T(0), T(0), d);
      const T push = j == c ? T(0) : select(d <= T(0), T(0), T(2) * m + (d - d));
      value += j == c ? T(0) : m * m;
      pull += push;
      if (slope) slope[j] = push;
    }
    if (slope) slope[c] = -pull;
    return value;
  }
};

}  // namespace tend
