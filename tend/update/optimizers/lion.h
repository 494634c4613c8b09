#pragma once
#include <array>
#include <cmath>
#include <tuple>

#include "tend/base/math.h"
#include "tend/update/optimizer.h"

namespace tend {

/// Lion: w = w - rate sign(beta1 m + (1 - beta1) g); m = beta2 m + (1 - beta2) g; decay outside of the gradient.
/// Chen et al., 2023, Algorithm 2. Defaults 1e-4, 0.9, 0.99.
struct Lion {
  double learning_rate = 1e-4, beta1 = 0.9, beta2 = 0.99;

  static constexpr auto fields = std::tuple{
      field_of<Lion>("learning_rate", &Lion::learning_rate, any_number(), "", "The size of a step."),
      field_of<Lion>("beta1", &Lion::beta1, part_of_one(), "", "The share of the first moment in the direction of a step."),
      field_of<Lion>("beta2", &Lion::beta2, part_of_one(), "", "The share of the first moment that is kept in each step.")};
  static constexpr std::array<std::string_view, 1> slots{"first_moment"};
  static constexpr bool decoupled_decay = true;
  static constexpr std::array<double, 3> three_steps{0.9999, -2.0001, 0.5};  // by hand
  static constexpr double default_weight_decay = 0;

  double initial(int) const { return 0; }
  std::array<double, 5> constants(double rate, std::int64_t) const { return {rate, beta1, 1 - beta1, beta2, 1 - beta2}; }

  template <class T>
  static void element(T& w, T g, T* s, const T* c) {
    using namespace tend::math;
    const T d = c[1] * s[0] + c[2] * g;
    w = w - c[0] * select(d > T(0), T(1), select(d < T(0), T(-1), d));
    s[0] = c[3] * s[0] + c[4] * g;
  }
};

}  // namespace tend
