#pragma once
#include <array>
#include <cmath>
#include <tuple>

#include "tend/base/math.h"
#include "tend/update/optimizer.h"

namespace tend {

/// Nesterov: v = momentum v + g; w = w - rate (g + momentum v). Sutskever et al., 2013, in PyTorch's form. Defaults 0.01 and 0.9.
struct Nesterov {
  double learning_rate = 0.01, momentum = 0.9;

  static constexpr auto fields = std::tuple{
      field_of<Nesterov>("learning_rate", &Nesterov::learning_rate, any_number(), "", "The size of a step."),
      field_of<Nesterov>("momentum", &Nesterov::momentum, fraction(), "",
                         "The share of the velocity that is kept in each step.")};
  static constexpr std::array<std::string_view, 1> slots{"velocity"};
  static constexpr bool decoupled_decay = false, grows_with_gradient = true;
  static constexpr std::array<double, 3> three_steps{0.978405, -2.05641, 0.53799729};  // PyTorch 2
  static constexpr double default_weight_decay = 0;

  double initial(int) const { return 0; }
  std::array<double, 2> constants(double rate, std::int64_t) const { return {rate, momentum}; }

  template <class T>
  static void element(T& w, T g, T* s, const T* c) {
    using namespace tend::math;
    s[0] = c[1] * s[0] + g;
    w = w - c[0] * (g + c[1] * s[0]);
  }
};

}  // namespace tend
