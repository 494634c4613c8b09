#pragma once
#include <cstdint>
#include <string_view>
#include <tuple>

#include "tend/base/math.h"
#include "tend/loss/loss.h"

namespace tend {

/// Binary cross-entropy of probabilities: mean over outputs of -(t log p + (1 - t) log(1 - p)), p = o clipped to [1e-7, 1 - 1e-7]
/// as Keras does. Slope ((1 - t) / (1 - p) - t / p) / k where o is inside the bounds, otherwise 0.
struct BinaryCrossEntropy {
  static constexpr std::tuple<> fields{};
  static constexpr bool takes_codes = false, takes_smooth_targets = true;
  static constexpr std::string_view kind = "probabilities_binary";
  static constexpr double decides_at = 0.5;

  template <class T>
  T row(const T* o, const T* t, std::int64_t k, T* slope) const {
    using namespace tend::math;
    const T share = T(1) / T(static_cast<double>(k));
    const T least(1e-7), most(1 - 1e-7);
    T value(0);
    for (std::int64_t j = 0; j < k; ++j) {
      const T low = select(o[j] < least, least, o[j]), p = select(low > most, most, low), rest = T(1) - p;
      const T passes = select(o[j] <= least, T(0), select(o[j] >= most, T(0), T(1)));
      value += -(t[j] * log(p) + (T(1) - t[j]) * log(rest));
      if (slope) slope[j] = ((T(1) - t[j]) / rest - t[j] / p) * passes * share;
    }
    return value * share;
  }
};

}  // namespace tend
