#pragma once
#include <array>
#include <cmath>
#include <tuple>

#include "tend/base/math.h"
#include "tend/update/optimizer.h"

namespace tend {

/// Lamb: m, v as Adam; r = m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon) + decay w; for each tensor
/// w = w - rate |w| / |r| r, the ratio 1 where |w| or |r| is 0. You et al., 2020, Algorithm 2, phi the identity.
/// Defaults as in the paper: 0.001, 0.9, 0.999, 1e-6.
struct Lamb {
  double learning_rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-6;

  static constexpr auto fields = std::tuple{
      field_of<Lamb>("learning_rate", &Lamb::learning_rate, any_number(), "",
                     "The size of a step, relative to the norm of each tensor."),
      field_of<Lamb>("beta1", &Lamb::beta1, part_of_one(), "", "The share of the first moment that is kept in each step."),
      field_of<Lamb>("beta2", &Lamb::beta2, part_of_one(), "", "The share of the second moment that is kept in each step."),
      field_of<Lamb>("epsilon", &Lamb::epsilon, at_least(0), "", "A number that is added to the root of the second moment.")};
  static constexpr std::array<std::string_view, 3> slots{"first_moment", "second_moment", "direction"};
  static constexpr bool decoupled_decay = false;
  static constexpr std::array<double, 3> three_steps{0.9953980490726554, -2.0003785867401787,
                                                     0.5001904028155796};  // numpy, by the paper's equations
  static constexpr double default_weight_decay = 0;

  double initial(int) const { return 0; }
  std::array<double, 7> constants(double, std::int64_t step) const {
    const auto t = static_cast<double>(step);
    return {1 / (1 - std::pow(beta1, t)), beta1, 1 - beta1, beta2, 1 - beta2, 1 / std::sqrt(1 - std::pow(beta2, t)), epsilon};
  }
  template <class T>
  static void direction(T w, T g, T* s, const T* c) {
    using namespace tend::math;
    s[0] = c[1] * s[0] + c[2] * g;
    s[1] = c[3] * s[1] + c[4] * g * g;
    s[2] = c[0] * s[0] / (sqrt(s[1]) * c[5] + c[6]) + select(c[15] != T(0), c[15] * w, T(0));
  }
  static double factor(const TensorFacts& f) {
    return f.weight_norm > 0 && f.direction_norm > 0 ? f.weight_norm / f.direction_norm : 1;
  }
};

}  // namespace tend
