#pragma once
#include <tuple>

#include "tend/base/math.h"
#include "tend/loss/loss.h"

namespace tend {

/// SoftmaxCrossEntropy of logits: with p = softmax(o), value = log(sum exp(o_j - max)) + max - o_c for class c; of target rows t:
/// -sum t_j log p_j. Slope p - onehot(c), or p sum(t) - t. Shifted by the largest logit, so nothing overflows.
struct SoftmaxCrossEntropy {
  static constexpr std::tuple<> fields{};
  static constexpr bool takes_codes = true;
  static constexpr std::string_view kind = "logits_classes";
  static constexpr double decides_at = 0.0;

  template <class T>
  T row(const T* o, const T* t, std::int64_t k, T* slope) const {
    using namespace tend::math;
    T top = o[0];
    for (std::int64_t j = 1; j < k; ++j) top = select(o[j] > top, o[j], top);
    T sum(0);
    for (std::int64_t j = 0; j < k; ++j) sum += exp(o[j] - top);
    if (k > 1) {
      const auto c = static_cast<std::int64_t>(t[0]);
      if (slope)
        for (std::int64_t j = 0; j < k; ++j) slope[j] = exp(o[j] - top) / sum - T(j == c ? 1 : 0);
      return log(sum) + top - o[c];
    }
    // One output: its softmax is 1 whatever it is, and so nothing can be learnt.
    if (slope) slope[0] = (exp(o[0] - top) / sum - T(1)) * t[0];
    return t[0] * (log(sum) + top - o[0]);
  }
};

}  // namespace tend
