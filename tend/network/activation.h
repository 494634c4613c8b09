#pragma once
#include <concepts>
#include <limits>
#include <string_view>

#include "tend/base/field.h"

namespace tend {

/// The contract of a file on the shelf network/activations. T is float, double, or a kernel's own float type. Write value and
/// slope with + - * / and comparisons, select(condition, a, b), and unqualified exp, log, tanh, erf, sqrt, abs, expm1, log1p
/// after `using namespace tend::math;` (tend/base/math.h). Write constants as T(0.5). A NaN input must give a NaN output: write
/// select(x < T(0), T(0), x), never select(x > T(0), x, T(0)).
///
///   struct Elu {
///     double alpha = 1;
///     static constexpr auto fields = std::tuple{field_of<Elu>("alpha", &Elu::alpha, at_least(0), "", "...")};
///     static constexpr std::string_view value_field = "alpha";     // for {elu = 0.5}; optional
///     static constexpr bool needs_input = false;                   // true: slope reads z; false: only y, and z is not available
///     static constexpr double kinks[] = {0.0};                     // points where the slope jumps; std::array<double, 0>{} for none
///     template <class T> T value(T z) const;
///     template <class T> T slope(T z, T y) const;                  // f'(z), y = f(z)
///   };
/// Optional, so that no code compares names; a layer that acts as an activation (softmax, prelu) may have them too:
/// `static constexpr bool is_identity = true` (y = z: nothing is computed),
/// `static constexpr std::string_view weight_initializer = "he_normal"` (for the weights before it; default: "glorot_uniform"),
/// `static constexpr double lowest = 0, highest = 1` (limits of its outputs; default: infinite),
/// `static constexpr double steepest_slope = 0.25` (the largest slope of an activation that saturates; infinity: slopes grow
/// without limit, as in exponential).
template <class A>
concept Activation = HasFieldTuple<A> && requires(const A a, double z) {
  { a.value(z) } -> std::same_as<double>;
  { a.slope(z, z) } -> std::same_as<double>;
  { A::needs_input } -> std::convertible_to<bool>;
  A::kinks;
};

/// The optional members with their defaults.
struct ActivationTraits {
  bool is_identity = false;
  std::string_view weight_initializer = "glorot_uniform";
  double lowest = -std::numeric_limits<double>::infinity(), highest = std::numeric_limits<double>::infinity();
  double steepest_slope = 0;  ///< 0: not declared

  bool is_bounded() const {
    return lowest > -std::numeric_limits<double>::infinity() && highest < std::numeric_limits<double>::infinity();
  }
  bool is_probability() const { return lowest == 0 && highest == 1; }
  bool is_steep() const { return steepest_slope == std::numeric_limits<double>::infinity(); }
};

/// Returns the traits of an activation or a layer.
template <class E>
ActivationTraits activation_traits(const E& entry) {
  ActivationTraits t;
  if constexpr (requires {
                  { entry.is_identity } -> std::convertible_to<bool>;
                })
    t.is_identity = entry.is_identity;
  if constexpr (requires {
                  { entry.weight_initializer } -> std::convertible_to<std::string_view>;
                })
    t.weight_initializer = entry.weight_initializer;
  if constexpr (requires {
                  { entry.lowest } -> std::convertible_to<double>;
                })
    t.lowest = entry.lowest;
  if constexpr (requires {
                  { entry.highest } -> std::convertible_to<double>;
                })
    t.highest = entry.highest;
  if constexpr (requires {
                  { entry.steepest_slope } -> std::convertible_to<double>;
                })
    t.steepest_slope = entry.steepest_slope;
  return t;
}

}  // namespace tend
