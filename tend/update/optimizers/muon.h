#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
#include <vector>

#include "tend/base/math.h"
#include "tend/update/optimizer.h"

namespace tend {

/// Muon: for matrices (a convolution's weights [kh kw C, K]) v = momentum v + (1 - momentum) g; O = the half-orthogonal matrix
/// nearest to (1 - momentum) g + momentum v (five Newton-Schulz steps); w = w (1 - rate decay) - rate sqrt(max(1, rows /
/// columns)) O, in our layout rows are inputs: sqrt(max(1, outputs / inputs)). AdamW updates vectors with `vector_rate` times the
/// rate. Jordan et al., 2024, as in torch.optim.Muon (which takes only matrices). Defaults 0.02, 0.95; vectors: beta 0.9,
/// 0.95, rate 0.15.
struct Muon {
  double learning_rate = 0.02, momentum = 0.95, vector_rate = 0.15, epsilon = 1e-8;

  static constexpr auto fields = std::tuple{
      field_of<Muon>("learning_rate", &Muon::learning_rate, any_number(), "",
                     "The size of a step along every direction of a weight matrix."),
      field_of<Muon>("momentum", &Muon::momentum, fraction(), "", "The share of the mean gradient that is kept in each step."),
      field_of<Muon>("vector_rate", &Muon::vector_rate, at_least(0), "",
                     "The share of the learning rate that biases and other vectors use."),
      field_of<Muon>("epsilon", &Muon::epsilon, at_least(0), "",
                     "A number that is added to the root of the second moment of vectors.")};
  static constexpr std::array<std::string_view, 3> slots{"mean_gradient", "second_moment", "direction"};
  static constexpr bool decoupled_decay = true;
  static constexpr std::array<double, 3> three_steps{0.9924600794474451, -1.9999024544151243,
                                                     0.499665012963378};  // of a vector: numpy
  static constexpr double default_weight_decay = 0;

  double initial(int) const { return 0; }
  std::array<double, 9> constants(double, std::int64_t step) const {
    const auto t = static_cast<double>(step);
    return {momentum,
            1 - momentum,
            0.9,
            1 - 0.9,
            0.95,
            1 - 0.95,
            vector_rate / (1 - std::pow(0.9, t)),
            1 / std::sqrt(1 - std::pow(0.95, t)),
            epsilon};
  }
  template <class T>
  static void direction(T, T g, T* s, const T* c) {
    using namespace tend::math;
    const T velocity = c[0] * s[0] + c[1] * g, moment = c[2] * s[0] + c[3] * g, square = c[4] * s[1] + c[5] * g * g;
    const bool is_matrix = c[14] != T(0);
    s[0] = select(is_matrix, velocity, moment);
    s[1] = square;
    s[2] = select(is_matrix, c[0] * velocity + c[1] * g, c[6] * moment / (sqrt(square) * c[7] + c[8]));
  }
  static double factor(const TensorFacts& f) {
    return f.columns > 0 ? std::sqrt(std::max(1.0, static_cast<double>(f.columns) / static_cast<double>(f.rows))) : 1;
  }
  static void emit_between(const Backend& backend, Emitter& e, const std::vector<SweepSegment>& segments,
                           const std::vector<Slot>& slots);
};

}  // namespace tend
