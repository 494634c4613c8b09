#pragma once
#include <array>
#include <cstdint>
#include <tuple>
#include <vector>

#include "tend/base/math.h"
#include "tend/update/optimizer.h"

namespace tend {

/// Lbfgs: w = w - rate H g, H the inverse Hessian estimated from the last 10 changes of weights and gradients by the two-loop
/// recursion; no line search; the first step is scaled to min(1, 1 / sum |g|). For full batches (batch_size at least the training
/// rows): noise of small batches enters H. Nocedal and Wright, 2006, Algorithm 7.4; as torch.optim.LBFGS with max_iter = 1.
/// Default rate 1.
struct Lbfgs {
  double learning_rate = 1;

  static constexpr auto fields = std::tuple{
      field_of<Lbfgs>("learning_rate", &Lbfgs::learning_rate, any_number(), "", "The share of the full step.")};
  static constexpr std::array<std::string_view, 23> slots{
      "previous_weights", "previous_gradient", "direction",    "change_1",     "change_2",     "change_3",
      "change_4",         "change_5",          "change_6",     "change_7",     "change_8",     "change_9",
      "change_10",        "difference_1",      "difference_2", "difference_3", "difference_4", "difference_5",
      "difference_6",     "difference_7",      "difference_8", "difference_9", "difference_10"};
  static constexpr std::int64_t pairs = 10;  ///< pairs of changes; each kind is a ring buffer, filled from update 2 on
  static_assert(slots.size() == 3 + 2 * pairs);
  static constexpr int compared_steps = 1;  // gradient differences over a short step are mostly rounding
  static constexpr bool decoupled_decay = false, for_full_batches = true;
  static constexpr std::array<double, 3> three_steps{0.9418803308509338, -2.135996475350229, 0.7645251110230653};  // PyTorch 2
  static constexpr double default_weight_decay = 0;

  double initial(int) const { return 0; }
  std::array<double, 1> constants(double rate, std::int64_t) const { return {rate}; }
  template <class T>
  static void direction(T w, T g, T* s, const T* c) {
    using namespace tend::math;
    s[2] = g + select(c[15] != T(0), c[15] * w, T(0));
  }
  static double factor(const TensorFacts&) { return 1; }
  static void emit_between(const Backend& backend, Emitter& e, const std::vector<SweepSegment>& segments,
                           const std::vector<Slot>& slots);
};

}  // namespace tend
