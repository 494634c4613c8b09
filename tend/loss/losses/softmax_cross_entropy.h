#pragma once
#include <cstdint>
#include <string_view>
#include <tuple>

#include "tend/base/math.h"
#include "tend/loss/at_class.h"
#include "tend/loss/loss.h"

namespace tend {

/// Softmax cross-entropy of logits: with p = softmax(o), -log p_c for class c; for target rows t, -sum t_j log p_j.
/// log p_j = o_j - top - log(sum exp(o_i - top)), top the largest logit, so nothing overflows.
/// Slope p - onehot(c), or p sum(t) - t.
struct SoftmaxCrossEntropy {
  static constexpr std::tuple<> fields{};
  static constexpr bool takes_codes = true, takes_smooth_targets = true;
  static constexpr std::string_view kind = "logits_classes";
  static constexpr double decides_at = 0.0;

  template <class T>
  T row(const T* o, const T* t, std::int64_t k, T* slope) const {
    using namespace tend::math;
    const T top = largest(o, k);
    T sum(0), place(0);
    for (std::int64_t j = 0; j < k; ++j) {
      const T e = exp(o[j] - top);
      sum += e;
      if (slope) slope[j] = e;
    }
    const T share = T(1) / sum;
    for (std::int64_t j = 0; j < k && slope; ++j) {
      slope[j] = slope[j] * share - select(place == t[0], T(1), T(0));
      place = place + T(1);
    }
    return (top - at_class(o, t[0], k)) + log(sum);
  }

  template <class T>
  T target_row(const T* o, const T* t, std::int64_t k, T* slope) const {
    using namespace tend::math;
    const T top = largest(o, k);
    T sum(0), whole(0);
    for (std::int64_t j = 0; j < k; ++j) {
      sum += exp(o[j] - top);
      whole += t[j];
    }
    const T rest = log(sum), share = whole / sum;
    T value(0);
    for (std::int64_t j = 0; j < k; ++j) {
      value += t[j] * ((top - o[j]) + rest);
      if (slope) slope[j] = exp(o[j] - top) * share - t[j];
    }
    return value;
  }

 private:
  template <class T>
  static T largest(const T* o, std::int64_t k) {
    using namespace tend::math;
    T top = o[0];
    for (std::int64_t j = 1; j < k; ++j) top = select(o[j] > top, o[j], top);
    return top;
  }
};

}  // namespace tend
