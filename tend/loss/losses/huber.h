#pragma once
#include <cstdint>
#include <string_view>
#include <tuple>

#include "tend/base/math.h"
#include "tend/loss/loss.h"

namespace tend {

/// Huber, 1964: with d = o - t, the mean over outputs of d^2 / 2 where |d| <= delta, otherwise of delta (|d| - delta / 2).
/// Slope d / k, or delta sign(d) / k. Default delta = 1, as in PyTorch and Keras.
struct Huber {
  double delta = 1;

  static constexpr auto fields = std::tuple{
      field_of<Huber>("delta", &Huber::delta, above(0), "", "The error at which the loss changes from quadratic to linear.")};
  static constexpr bool takes_codes = false;
  static constexpr std::string_view kind = "values";
  static constexpr double decides_at = 0.5;

  template <class T>
  T row(const T* o, const T* t, std::int64_t k, T* slope) const {
    using namespace tend::math;
    const T share = T(1) / T(static_cast<double>(k));
    const T bound(delta);
    T value(0);
    for (std::int64_t j = 0; j < k; ++j) {
      const T d = o[j] - t[j], size = abs(d);
      value += select(size > bound, bound * (size - T(0.5) * bound), T(0.5) * d * d);
      if (slope) slope[j] = select(d > bound, bound, select(d < -bound, -bound, d)) * share;
    }
    return value * share;
  }
};

}  // namespace tend
