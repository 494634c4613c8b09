#pragma once
#include <array>
#include <cmath>
#include <tuple>

#include "tend/base/math.h"
#include "tend/update/optimizer.h"

namespace tend {

/// Sgd: v = momentum v + g; w = w - rate v. Plain gradient descent at momentum 0, the default (rate 0.01, as in Keras).
struct Sgd {
  double learning_rate = 0.01, momentum = 0;

  static constexpr auto fields = std::tuple{
      field_of<Sgd>("learning_rate", &Sgd::learning_rate, any_number(), "", "The size of a step."),
      field_of<Sgd>("momentum", &Sgd::momentum, fraction(), "", "The share of the velocity that is kept in each step.")};
  static constexpr std::array<std::string_view, 1> slots{"velocity"};
  static constexpr bool decoupled_decay = false, grows_with_gradient = true;
  static constexpr std::array<double, 3> three_steps{0.99375, -2.025, 0.519999};  // PyTorch 2
  static constexpr double default_weight_decay = 0;

  double initial(int) const { return 0; }
  std::array<double, 2> constants(double rate, std::int64_t) const { return {rate, momentum}; }

  template <class T>
  static void element(T& w, T g, T* s, const T* c) {
    using namespace tend::math;
    s[0] = c[1] * s[0] + g;
    w = w - c[0] * s[0];
  }
};

}  // namespace tend
