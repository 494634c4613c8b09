#pragma once
#include <tuple>

#include "tend/base/math.h"
#include "tend/loss/loss.h"

namespace tend {

/// CategoricalCrossEntropy of probabilities: q = o / sum(o), clipped to [1e-7, 1 - 1e-7]; value = -sum t_j log q_j. The slope passes
/// where q is inside the bounds (bounds included): d/do_i = -(t_i / q_i [inside] - sum over inside j of t_j) / sum(o).
struct CategoricalCrossEntropy {
  static constexpr std::tuple<> fields{};
  static constexpr bool takes_codes = true;
  static constexpr std::string_view kind = "probabilities_classes";
  static constexpr double decides_at = 0.5;

  template <class T>
  T row(const T* o, const T* t, std::int64_t k, T* slope) const {
    using namespace tend::math;
    constexpr double least = 1e-7;
    T sum(0);
    for (std::int64_t j = 0; j < k; ++j) sum += o[j];
    T value(0), inside(0);
    const auto c = k > 1 ? static_cast<std::int64_t>(t[0]) : std::int64_t{0};
    for (std::int64_t j = 0; j < k; ++j) {
      const T target = k > 1 ? T(j == c ? 1 : 0) : t[0], q = o[j] / sum;
      const T low = select(q < T(least), T(least), q), clipped = select(low > T(1 - least), T(1 - least), low);
      const T passes = select(q < T(least), T(0), select(q > T(1 - least), T(0), T(1)));
      value = value - target * log(clipped);
      inside += target * passes;
      if (slope) slope[j] = -(target * passes / clipped);
    }
    for (std::int64_t j = 0; j < k && slope; ++j) slope[j] = (slope[j] + inside) / sum;
    return value;
  }
};

}  // namespace tend
