#pragma once
#include <tuple>

#include "tend/base/math.h"
#include "tend/loss/loss.h"

namespace tend {

/// BinaryCrossEntropy of probabilities: p = o clipped to [1e-7, 1 - 1e-7]; value = mean over outputs of -(t log p + (1 - t) log(1 - p)).
/// Slope (p - t) / (p (1 - p)) / k inside the bounds (bounds included), 0 outside.
struct BinaryCrossEntropy {
  static constexpr std::tuple<> fields{};
  static constexpr bool takes_codes = false;
  static constexpr std::string_view kind = "probabilities_binary";
  static constexpr double decides_at = 0.5;

  template <class T>
  T row(const T* o, const T* t, std::int64_t k, T* slope) const {
    using namespace tend::math;
    constexpr double least = 1e-7;
    const T share = T(1) / T(static_cast<double>(k));
    T value(0);
    for (std::int64_t j = 0; j < k; ++j) {
      const T low = select(o[j] < T(least), T(least), o[j]), p = select(low > T(1 - least), T(1 - least), low);
      const T passes = select(o[j] < T(least), T(0), select(o[j] > T(1 - least), T(0), T(1)));
      value = value - (t[j] * log(p) + (T(1) - t[j]) * log(T(1) - p));
      if (slope) slope[j] = ((T(1) - t[j]) / (T(1) - p) - t[j] / p) * passes * share;
    }
    return value * share;
  }
};

}  // namespace tend
