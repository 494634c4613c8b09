#pragma once
#include "tend/network/initializers/orthogonal.h"

namespace tend {

/// Data dependent (LSUV): orthonormal vectors. Then train/data_scale divides them, layer by layer, by the standard deviation of
/// the layer's output on the first training rows. Mishkin and Matas, 2016, Algorithm 1, one iteration, because the orthonormal
/// start hardly needs more.
struct DataDependent {
  static constexpr std::tuple<> fields{};
  static constexpr bool needs_data = true;

  void fill(double* w, const FillTarget& target, Random& random) const { Orthogonal{}.fill(w, target, random); }
  std::string formula() const { return "orthonormal vectors, divided by the deviation of the layer's output on the first batch"; }
};

}  // namespace tend
