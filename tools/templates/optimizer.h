#pragma once
#include <array>
#include <tuple>

#include "tend/base/math.h"
#include "tend/update/optimizer.h"

namespace tend {

/// @Type@: v = momentum v + g,  w = w - rate v.   Paper: authors (year), equation. Defaults: and where they come from.
struct @Type@ {
  double learning_rate = 0.01, momentum = 0.9;

  static constexpr auto fields =
      std::tuple{field_of<@Type@>("learning_rate", &@Type@::learning_rate, at_least(0), "", "The size of a step."),
                 field_of<@Type@>("momentum", &@Type@::momentum, part_of_one(), "", "The share of the velocity that is kept in each step.")};
  static constexpr std::array<std::string_view, 1> slots = {"velocity"};
  static constexpr bool decoupled_decay = false;
  static constexpr std::array<double, 3> three_steps = {0.98295, -2.0349, 0.5199981};  // from where: paper, another implementation
  static constexpr double default_weight_decay = 0;

  double initial(int) const { return 0; }
  std::array<double, 2> constants(double rate, std::int64_t) const { return {rate, momentum}; }

  template <class T>
  static void element(T& w, T g, T* s, const T* c) {
    s[0] = c[1] * s[0] + g;
    w = w - c[0] * s[0];
  }
};

}  // namespace tend
