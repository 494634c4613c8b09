#pragma once
#include <tuple>

#include "tend/base/math.h"
#include "tend/loss/loss.h"

namespace tend {

/// @Type@: mean over k of (o - t)^2.   o [N,K]  t [N,K].   d loss / d o = 2 (o - t) / K.   Paper: authors (year), equation.
struct @Type@ {
  static constexpr std::tuple<> fields{};
  static constexpr bool takes_codes = false;
  static constexpr std::string_view kind = "values";
  static constexpr double decides_at = 0;

  template <class T>
  T row(const T* o, const T* t, std::int64_t k, T* slope) const {
    const T share = T(1) / T(static_cast<double>(k));
    T sum = T(0);
    for (std::int64_t j = 0; j < k; ++j) {
      const T difference = o[j] - t[j];
      sum += difference * difference;
      if (slope) slope[j] = T(2) * difference * share;
    }
    return sum * share;
  }
};

}  // namespace tend
