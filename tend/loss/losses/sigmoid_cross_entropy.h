#pragma once
#include <cstdint>
#include <string_view>
#include <tuple>

#include "tend/base/math.h"
#include "tend/loss/loss.h"

namespace tend {

/// Sigmoid cross-entropy of logits: mean over outputs of -(t log s(o) + (1 - t) log(1 - s(o))), s the sigmoid; written as
/// max(o, 0) - o t + log1p(exp(-|o|)), so that nothing overflows. Slope (s(o) - t) / k.
struct SigmoidCrossEntropy {
  static constexpr std::tuple<> fields{};
  static constexpr bool takes_codes = false, takes_smooth_targets = true;
  static constexpr std::string_view kind = "logits_binary";
  static constexpr double decides_at = 0.0;

  template <class T>
  T row(const T* o, const T* t, std::int64_t k, T* slope) const {
    using namespace tend::math;
    const T share = T(1) / T(static_cast<double>(k));
    T value(0);
    for (std::int64_t j = 0; j < k; ++j) {
      const T small = exp(-abs(o[j]));
      value += select(o[j] < T(0), T(0), o[j]) - o[j] * t[j] + log1p(small);
      if (slope) slope[j] = (select(o[j] < T(0), small, T(1)) / (T(1) + small) - t[j]) * share;
    }
    return value * share;
  }
};

}  // namespace tend
