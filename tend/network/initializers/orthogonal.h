#pragma once
#include <cmath>
#include <string>
#include <tuple>
#include <vector>

#include "tend/network/initializer.h"

namespace tend {

/// Orthogonal: as a matrix [inputs, outputs], orthonormal columns (or rows, where there are fewer), times gain: normal numbers,
/// made orthonormal by modified Gram-Schmidt, applied twice. Saxe et al., 2014.
struct Orthogonal {
  double gain = 1;

  static constexpr auto fields = std::tuple{
      field_of<Orthogonal>("gain", &Orthogonal::gain, at_least(0), "", "The length of each weight vector.")};
  static constexpr std::string_view value_field = "gain";

  void fill(double* w, const FillTarget& target, Random& random) const {
    const std::int64_t outputs = target.outputs(), inputs = target.shape.count() / outputs;
    const bool is_tall = inputs >= outputs;  // the vectors are columns of a tall matrix, rows of a wide one
    const std::int64_t vectors = is_tall ? outputs : inputs, length = is_tall ? inputs : outputs;
    std::vector<double> v(static_cast<std::size_t>(vectors * length));
    for (double& x : v) x = random.normal();
    const auto at = [&](std::int64_t a) { return v.data() + a * length; };
    const auto dot = [&](const double* x, const double* y) {
      double strands[8] = {}, sum = 0;  // in one sum, each addition would wait for the previous one
      std::int64_t i = 0;
      for (; i + 8 <= length; i += 8)
        for (int l = 0; l < 8; ++l) strands[l] += x[i + l] * y[i + l];
      for (; i < length; ++i) sum += x[i] * y[i];
      for (double s : strands) sum += s;
      return sum;
    };
    for (std::int64_t a = 0; a < vectors; ++a) {
      for (int pass = 0; pass < 2; ++pass)
        for (std::int64_t b = 0; b < a; ++b) {
          const double along = dot(at(a), at(b));
          for (std::int64_t i = 0; i < length; ++i) at(a)[i] -= along * at(b)[i];
        }
      const double norm = std::sqrt(dot(at(a), at(a)));
      for (std::int64_t i = 0; i < length; ++i) at(a)[i] /= norm;
    }
    for (std::int64_t a = 0; a < vectors; ++a)
      for (std::int64_t i = 0; i < length; ++i) w[is_tall ? i * outputs + a : a * outputs + i] = gain * at(a)[i];
  }
  std::string formula() const { return "orthonormal vectors, times gain"; }
};

}  // namespace tend
