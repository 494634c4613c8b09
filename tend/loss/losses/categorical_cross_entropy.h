#pragma once
#include <cstdint>
#include <string_view>
#include <tuple>

#include "tend/base/math.h"
#include "tend/loss/at_class.h"
#include "tend/loss/loss.h"

namespace tend {

/// Categorical cross-entropy of probabilities, as in Keras: q = o / sum(o), clipped to [1e-7, 1 - 1e-7]; -log q_c for class c;
/// for target rows t, -sum t_j log q_j. Only a q inside the bounds has a slope:
/// d/do_j = (sum_i t_i [i inside] - t_j [j inside] / q_j) / sum(o).
struct CategoricalCrossEntropy {
  static constexpr std::tuple<> fields{};
  static constexpr bool takes_codes = true, takes_smooth_targets = true;
  static constexpr std::string_view kind = "probabilities_classes";
  static constexpr double decides_at = 0.5;

  template <class T>
  T row(const T* o, const T* t, std::int64_t k, T* slope) const {
    using namespace tend::math;
    T sum(0);
    for (std::int64_t j = 0; j < k; ++j) sum += o[j];
    const Clipped<T> c(at_class(o, t[0], k) / sum);
    T place(0);
    for (std::int64_t j = 0; j < k && slope; ++j) {
      slope[j] = (c.passes - select(place == t[0], c.passes / c.q, T(0))) / sum;
      place = place + T(1);
    }
    return -log(c.q);
  }

  template <class T>
  T target_row(const T* o, const T* t, std::int64_t k, T* slope) const {
    using namespace tend::math;
    T sum(0), value(0), inside(0);
    for (std::int64_t j = 0; j < k; ++j) sum += o[j];
    for (std::int64_t j = 0; j < k; ++j) {
      const Clipped<T> c(o[j] / sum);
      value += -(t[j] * log(c.q));
      inside += t[j] * c.passes;
      if (slope) slope[j] = t[j] * c.passes / c.q;
    }
    for (std::int64_t j = 0; j < k && slope; ++j) slope[j] = (inside - slope[j]) / sum;
    return value;
  }

 private:
  template <class T>
  struct Clipped {
    T q, passes;  ///< passes: 1 where clipping did not change q, otherwise 0
    explicit Clipped(T given) {
      using namespace tend::math;
      const T least(1e-7), most(1 - 1e-7), low = select(given < least, least, given);
      q = select(low > most, most, low);
      passes = select(given <= least, T(0), select(given >= most, T(0), T(1)));
    }
  };
};

}  // namespace tend
