#pragma once
#include <array>
#include <cmath>
#include <tuple>

#include "tend/base/math.h"
#include "tend/update/optimizer.h"

namespace tend {

/// Amsgrad: Adam with the largest v so far: x = max(x, v); w = w - rate / (1 - beta1^t) m / (sqrt(x / (1 - beta2^t)) + epsilon).
/// Reddi et al., 2018, in PyTorch's form. Defaults as Adam's.
struct Amsgrad {
  double learning_rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7;

  static constexpr auto fields = std::tuple{
      field_of<Amsgrad>("learning_rate", &Amsgrad::learning_rate, any_number(), "", "The size of a step."),
      field_of<Amsgrad>("beta1", &Amsgrad::beta1, part_of_one(), "", "The share of the first moment that is kept in each step."),
      field_of<Amsgrad>("beta2", &Amsgrad::beta2, part_of_one(), "", "The share of the second moment that is kept in each step."),
      field_of<Amsgrad>("epsilon", &Amsgrad::epsilon, at_least(0), "",
                        "A number that is added to the root of the second moment.")};
  static constexpr std::array<std::string_view, 3> slots{"first_moment", "second_moment", "largest_second_moment"};
  static constexpr bool decoupled_decay = false;
  static constexpr std::array<double, 3> three_steps{0.9975041595910016, -1.999971327067421, 0.499895698592963};  // PyTorch 2
  static constexpr double default_weight_decay = 0;

  double initial(int) const { return 0; }
  std::array<double, 7> constants(double rate, std::int64_t step) const {
    const auto t = static_cast<double>(step);
    return {rate / (1 - std::pow(beta1, t)), beta1, 1 - beta1, beta2, 1 - beta2, 1 / std::sqrt(1 - std::pow(beta2, t)), epsilon};
  }

  template <class T>
  static void element(T& w, T g, T* s, const T* c) {
    using namespace tend::math;
    s[0] = c[1] * s[0] + c[2] * g;
    s[1] = c[3] * s[1] + c[4] * g * g;
    s[2] = select(s[1] <= s[2], s[2], s[1]);
    w = w - c[0] * s[0] / (sqrt(s[2]) * c[5] + c[6]);
  }
};

}  // namespace tend
