#pragma once
#include <cmath>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "tend/network/initializer.h"

namespace tend {

/// Sparse: as a matrix [inputs, outputs], every input reaches only some outputs: in each row a given share, rounded up, is 0, and
/// the others are N(0, 0.01). Martens, 2010, "Deep learning via Hessian-free optimization".
/// Default share 0.9; the deviation is that of PyTorch.
struct Sparse {
  double zeros = 0.9;

  static constexpr auto fields = std::tuple{
      field_of<Sparse>("zeros", &Sparse::zeros, fraction(), "", "The share of the weights that are 0.")};
  static constexpr std::string_view value_field = "zeros";

  void fill(double* w, const FillTarget& target, Random& random) const {
    constexpr double deviation = 0.01;
    const std::int64_t outputs = target.outputs(), inputs = outputs ? target.shape.count() / outputs : 0;
    const auto silent = static_cast<std::int64_t>(std::ceil(zeros * static_cast<double>(outputs)));
    std::vector<std::int64_t> order(static_cast<std::size_t>(outputs));
    for (std::int64_t i = 0; i < inputs; ++i, w += outputs) {
      for (std::int64_t j = 0; j < outputs; ++j) {
        w[j] = deviation * random.normal();
        order[static_cast<std::size_t>(j)] = j;
      }
      random.shuffle(order.data(), order.size());
      for (std::int64_t j = 0; j < silent; ++j) w[order[static_cast<std::size_t>(j)]] = 0;
    }
  }
  std::string formula() const { return "0, or normal with deviation 0.01"; }
};

}  // namespace tend
