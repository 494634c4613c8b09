#pragma once
#include <array>
#include <cmath>
#include <tuple>

#include "tend/base/math.h"
#include "tend/update/optimizer.h"

namespace tend {

/// Adadelta: a = rho a + (1 - rho) g^2; d = g sqrt(x + epsilon) / sqrt(a + epsilon); x = rho x + (1 - rho) d^2; w = w - rate d.
/// Zeiler, 2012, Algorithm 1. Defaults 1, 0.95, 1e-7, as in Keras.
struct Adadelta {
  double learning_rate = 1, rho = 0.95, epsilon = 1e-7;

  static constexpr auto fields = std::tuple{
      field_of<Adadelta>("learning_rate", &Adadelta::learning_rate, any_number(), "", "The size of a step."),
      field_of<Adadelta>("rho", &Adadelta::rho, part_of_one(), "", "The share of the mean squares that is kept in each step."),
      field_of<Adadelta>("epsilon", &Adadelta::epsilon, at_least(0), "", "A number that is added to the mean squares.")};
  static constexpr std::array<std::string_view, 2> slots{"mean_square", "mean_square_update"};
  static constexpr bool decoupled_decay = false;
  static constexpr std::array<double, 3> three_steps{0.998168922361825, -2.0009280452939153, 0.5013179758521304};  // PyTorch 2
  static constexpr double default_weight_decay = 0;

  double initial(int) const { return 0; }
  std::array<double, 4> constants(double rate, std::int64_t) const { return {rate, rho, 1 - rho, epsilon}; }

  template <class T>
  static void element(T& w, T g, T* s, const T* c) {
    using namespace tend::math;
    s[0] = c[1] * s[0] + c[2] * g * g;
    const T d = sqrt(s[1] + c[3]) / sqrt(s[0] + c[3]) * g;
    s[1] = c[1] * s[1] + c[2] * d * d;
    w = w - c[0] * d;
  }
};

}  // namespace tend
