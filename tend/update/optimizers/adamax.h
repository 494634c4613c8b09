#pragma once
#include <array>
#include <cmath>
#include <tuple>

#include "tend/base/math.h"
#include "tend/update/optimizer.h"

namespace tend {

/// Adamax: m = beta1 m + (1 - beta1) g; u = max(beta2 u, |g| + epsilon); w = w - rate / (1 - beta1^t) m / u.
/// Kingma and Ba, 2015, Algorithm 2, epsilon as in PyTorch. Defaults 0.002, 0.9, 0.999, 1e-7.
struct Adamax {
  double learning_rate = 2e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7;

  static constexpr auto fields = std::tuple{
      field_of<Adamax>("learning_rate", &Adamax::learning_rate, any_number(), "", "The size of a step."),
      field_of<Adamax>("beta1", &Adamax::beta1, part_of_one(), "", "The share of the first moment that is kept in each step."),
      field_of<Adamax>("beta2", &Adamax::beta2, part_of_one(), "",
                       "The share of the largest gradient that is kept in each step."),
      field_of<Adamax>("epsilon", &Adamax::epsilon, at_least(0), "", "A number that is added to the largest gradient.")};
  static constexpr std::array<std::string_view, 2> slots{"first_moment", "largest_gradient"};
  static constexpr bool decoupled_decay = false;
  static constexpr std::array<double, 3> three_steps{0.9957779610065817, -1.9993253766749566, 0.4996863941338946};  // PyTorch 2
  static constexpr double default_weight_decay = 0;

  double initial(int) const { return 0; }
  std::array<double, 5> constants(double rate, std::int64_t step) const {
    return {rate / (1 - std::pow(beta1, static_cast<double>(step))), beta1, 1 - beta1, beta2, epsilon};
  }

  template <class T>
  static void element(T& w, T g, T* s, const T* c) {
    using namespace tend::math;
    s[0] = c[1] * s[0] + c[2] * g;
    const T kept = c[3] * s[1], size = abs(g) + c[4];
    s[1] = select(size <= kept, kept, size);
    w = w - c[0] * s[0] / s[1];
  }
};

}  // namespace tend
