#pragma once
#include <array>
#include <cmath>
#include <tuple>

#include "tend/base/math.h"
#include "tend/update/optimizer.h"

namespace tend {

/// Adam: m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
/// w = w - rate / (1 - beta1^t) m / (sqrt(v / (1 - beta2^t)) + epsilon). Kingma and Ba, 2015, Algorithm 1. Defaults as in the
/// paper, epsilon 1e-7 as in Keras. Without bias_correction: w = w - rate m / (sqrt(v) + epsilon), whose first steps are too
/// large, since v starts at 0 and forgets slowly: for experiments.
struct Adam {
  double learning_rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7;
  bool bias_correction = true;

  static constexpr auto fields = std::tuple{
      field_of<Adam>("learning_rate", &Adam::learning_rate, any_number(), "", "The size of a step."),
      field_of<Adam>("beta1", &Adam::beta1, part_of_one(), "", "The share of the first moment that is kept in each step."),
      field_of<Adam>("beta2", &Adam::beta2, part_of_one(), "", "The share of the second moment that is kept in each step."),
      field_of<Adam>("epsilon", &Adam::epsilon, at_least(0), "", "A number that is added to the root of the second moment."),
      field_of<Adam>("bias_correction", &Adam::bias_correction, {}, "",
                     "Whether the moments are divided by the share of them that has been seen, as both start at 0.")};
  static constexpr std::array<std::string_view, 2> slots{"first_moment", "second_moment"};
  static constexpr bool decoupled_decay = false;
  static constexpr std::array<double, 3> three_steps{0.9975041595910016, -1.999971327067421, 0.499895698592963};  // PyTorch 2
  static constexpr double default_weight_decay = 0;

  double initial(int) const { return 0; }
  std::array<double, 7> constants(double rate, std::int64_t step) const {
    if (!bias_correction) return {rate, beta1, 1 - beta1, beta2, 1 - beta2, 1, epsilon};
    const auto t = static_cast<double>(step);
    return {rate / (1 - std::pow(beta1, t)), beta1, 1 - beta1, beta2, 1 - beta2, 1 / std::sqrt(1 - std::pow(beta2, t)), epsilon};
  }

  template <class T>
  static void element(T& w, T g, T* s, const T* c) {
    using namespace tend::math;
    s[0] = c[1] * s[0] + c[2] * g;
    s[1] = c[3] * s[1] + c[4] * g * g;
    w = w - c[0] * s[0] / (sqrt(s[1]) * c[5] + c[6]);
  }
};

}  // namespace tend
