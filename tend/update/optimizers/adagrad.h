#pragma once
#include <array>
#include <cmath>
#include <tuple>

#include "tend/base/math.h"
#include "tend/update/optimizer.h"

namespace tend {

/// Adagrad: a = a + g^2; w = w - rate g / (sqrt(a) + epsilon). Duchi et al., 2011. Defaults 0.01, a = 0.1 at the start, 1e-7, as
/// in Keras.
struct Adagrad {
  double learning_rate = 0.01, initial_accumulator = 0.1, epsilon = 1e-7;

  static constexpr auto fields = std::tuple{
      field_of<Adagrad>("learning_rate", &Adagrad::learning_rate, any_number(), "", "The size of a step."),
      field_of<Adagrad>("initial_accumulator", &Adagrad::initial_accumulator, at_least(0), "",
                        "The initial value of the sum of squared gradients."),
      field_of<Adagrad>("epsilon", &Adagrad::epsilon, at_least(0), "",
                        "A number that is added to the root of the sum of squared gradients.")};
  static constexpr std::array<std::string_view, 1> slots{"accumulator"};
  static constexpr bool decoupled_decay = false;
  static constexpr std::array<double, 3> three_steps{0.9895663662743204, -2.0014593009846102, 0.5098741331901435};  // PyTorch 2
  static constexpr double default_weight_decay = 0;

  double initial(int) const { return initial_accumulator; }
  std::array<double, 2> constants(double rate, std::int64_t) const { return {rate, epsilon}; }

  template <class T>
  static void element(T& w, T g, T* s, const T* c) {
    using namespace tend::math;
    s[0] = s[0] + g * g;
    w = w - c[0] * g / (sqrt(s[0]) + c[1]);
  }
};

}  // namespace tend
