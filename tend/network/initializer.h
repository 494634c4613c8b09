#pragma once
#include <concepts>
#include <cstdint>

#include "tend/base/field.h"
#include "tend/base/random.h"
#include "tend/tensor/shape.h"

namespace tend {

/// The tensor to be filled. Dense W [F,K]: fan_in F, fan_out K. Convolutions W [kh,kw,C,K]: fan_in kh kw C, fan_out kh kw K.
/// As a matrix it has `count / outputs` rows (inputs) and `outputs` columns (the last axis).
struct FillTarget {
  Shape shape;
  std::int64_t fan_in = 1, fan_out = 1;
  std::int64_t outputs() const { return shape.rank() ? shape[-1] : 1; }
};

/// The contract of a file on the shelf network/initializers.
///   struct HeNormal { double gain = 1; fields; value_field = "gain";
///     void fill(double* w, const FillTarget& target, Random& random) const;   // all elements, row-major
///     std::string formula() const; }                                           // "normal, variance 2 / fan_in"
/// Optional: `static constexpr bool needs_data = true` (the weights are then divided by the deviation of their layer's output).
template <class I>
concept Initializer = HasFieldTuple<I> && requires(const I i, double* w, const FillTarget& t, Random& r) {
  i.fill(w, t, r);
  { i.formula() } -> std::convertible_to<std::string>;
};

}  // namespace tend
