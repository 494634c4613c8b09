#pragma once
#include <array>
#include <cmath>
#include <tuple>

#include "tend/base/math.h"
#include "tend/update/optimizer.h"

namespace tend {

/// Nadam: Adam with Nesterov's look ahead: mu_t = beta1 (1 - 0.5 * 0.96^(0.004 t)); w = w - rate (mu_(t+1) m / (1 - prod_(t+1)) +
/// (1 - mu_t) g / (1 - prod_t)) / (sqrt(v / (1 - beta2^t)) + epsilon), prod the product of all mu. Dozat, 2016, as in PyTorch.
/// Defaults 0.002, 0.9, 0.999, 1e-7.
struct Nadam {
  double learning_rate = 2e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7;

  static constexpr auto fields = std::tuple{
      field_of<Nadam>("learning_rate", &Nadam::learning_rate, any_number(), "", "The size of a step."),
      field_of<Nadam>("beta1", &Nadam::beta1, part_of_one(), "", "The share of the first moment that is kept in each step."),
      field_of<Nadam>("beta2", &Nadam::beta2, part_of_one(), "", "The share of the second moment that is kept in each step."),
      field_of<Nadam>("epsilon", &Nadam::epsilon, at_least(0), "", "A number that is added to the root of the second moment.")};
  static constexpr std::array<std::string_view, 2> slots{"first_moment", "second_moment"};
  static constexpr bool decoupled_decay = false;
  static constexpr std::array<double, 3> three_steps{0.9971532620927557, -2.000278769459719, 0.5001701661156619};  // PyTorch 2
  static constexpr double default_weight_decay = 0;

  double initial(int) const { return 0; }
  std::array<double, 8> constants(double rate, std::int64_t step) const {
    const auto mu = [this](std::int64_t t) { return beta1 * (1 - 0.5 * std::pow(0.96, 0.004 * static_cast<double>(t))); };
    double product = 1;
    // The products fall below the last bit of 1 within some hundred steps.
    for (std::int64_t t = 1; t <= step && product > 1e-20; ++t) product *= mu(t);
    const double now = rate * (1 - mu(step)) / (1 - product), next = rate * mu(step + 1) / (1 - product * mu(step + 1));
    return {now,    next, beta1, 1 - beta1, beta2, 1 - beta2, 1 / std::sqrt(1 - std::pow(beta2, static_cast<double>(step))),
            epsilon};
  }

  template <class T>
  static void element(T& w, T g, T* s, const T* c) {
    using namespace tend::math;
    s[0] = c[2] * s[0] + c[3] * g;
    s[1] = c[4] * s[1] + c[5] * g * g;
    w = w - (c[1] * s[0] + c[0] * g) / (sqrt(s[1]) * c[6] + c[7]);
  }
};

}  // namespace tend
