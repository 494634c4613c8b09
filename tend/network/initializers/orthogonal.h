#pragma once
#include <cmath>
#include <string>
#include <tuple>
#include <vector>

#include "tend/network/initializer.h"

namespace tend {

/// Orthogonal: as a matrix [inputs, outputs], orthonormal columns (or rows, where there are fewer), times gain: normal numbers,
/// made orthonormal by modified Gram and Schmidt, twice. Saxe et al., 2014.
struct Orthogonal {
  double gain = 1;

  static constexpr auto fields = std::tuple{field_of<Orthogonal>("gain", &Orthogonal::gain, at_least(0), "", "length of each vector")};
  static constexpr std::string_view value_field = "gain";

  void fill(double* w, const FillTarget& target, Random& random) const {
    const std::int64_t outputs = target.outputs(), inputs = target.shape.count() / outputs;
    const bool is_tall = inputs >= outputs;   // vectors: columns of a tall matrix, rows of a wide one
    const std::int64_t vectors = is_tall ? outputs : inputs, length = is_tall ? inputs : outputs;
    std::vector<double> v(static_cast<std::size_t>(vectors * length));
    for (double& x : v) x = random.normal();
    const auto dot = [&](std::int64_t a, std::int64_t b) {
      double sum = 0;
      for (std::int64_t i = 0; i < length; ++i) sum += v[static_cast<std::size_t>(a * length + i)] * v[static_cast<std::size_t>(b * length + i)];
      return sum;
    };
    for (std::int64_t a = 0; a < vectors; ++a) {
      for (int pass = 0; pass < 2; ++pass)
        for (std::int64_t b = 0; b < a; ++b) {
          const double along = dot(a, b);
          for (std::int64_t i = 0; i < length; ++i) v[static_cast<std::size_t>(a * length + i)] -= along * v[static_cast<std::size_t>(b * length + i)];
        }
      const double norm = std::sqrt(dot(a, a));
      for (std::int64_t i = 0; i < length; ++i) v[static_cast<std::size_t>(a * length + i)] /= norm;
    }
    for (std::int64_t a = 0; a < vectors; ++a)
      for (std::int64_t i = 0; i < length; ++i) w[is_tall ? i * outputs + a : a * outputs + i] = gain * v[static_cast<std::size_t>(a * length + i)];
  }
  std::string formula() const { return "orthonormal vectors, times gain"; }
};

}  // namespace tend
