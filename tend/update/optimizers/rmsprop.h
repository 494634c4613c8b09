#pragma once
#include <array>
#include <cmath>
#include <tuple>

#include "tend/base/math.h"
#include "tend/update/optimizer.h"

namespace tend {

/// Rmsprop: a = rho a + (1 - rho) g^2; u = g / (sqrt(a) + epsilon); v = momentum v + u; w = w - rate v. Tieleman and Hinton,
/// 2012, in PyTorch's form. Defaults 0.001, 0.9, 0, 1e-7, as in Keras.
struct Rmsprop {
  double learning_rate = 1e-3, rho = 0.9, momentum = 0, epsilon = 1e-7;

  static constexpr auto fields = std::tuple{
      field_of<Rmsprop>("learning_rate", &Rmsprop::learning_rate, any_number(), "", "The size of a step."),
      field_of<Rmsprop>("rho", &Rmsprop::rho, part_of_one(), "", "The share of the mean squares that is kept in each step."),
      field_of<Rmsprop>("momentum", &Rmsprop::momentum, fraction(), "", "The share of the velocity that is kept in each step."),
      field_of<Rmsprop>("epsilon", &Rmsprop::epsilon, at_least(0), "",
                        "A number that is added to the root of the mean squares.")};
  static constexpr std::array<std::string_view, 2> slots{"mean_square", "scaled_velocity"};
  static constexpr bool decoupled_decay = false;
  static constexpr std::array<double, 3> three_steps{0.9961179415828567, -2.0003752594024045, 0.5000099679733507};  // PyTorch 2
  static constexpr double default_weight_decay = 0;

  double initial(int) const { return 0; }
  std::array<double, 5> constants(double rate, std::int64_t) const { return {rate, rho, 1 - rho, momentum, epsilon}; }

  template <class T>
  static void element(T& w, T g, T* s, const T* c) {
    using namespace tend::math;
    s[0] = c[1] * s[0] + c[2] * g * g;
    s[1] = c[3] * s[1] + g / (sqrt(s[0]) + c[4]);
    w = w - c[0] * s[1];
  }
};

}  // namespace tend
