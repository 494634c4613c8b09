#pragma once
#include "tend/base/field.h"

namespace tend {

/// What a file on the shelf network/activations must hold. T is float, double, or a kernel's own float type: write value and
/// slope with + - * / and comparisons, select(condition, a, b), and unqualified exp, log, tanh, erf, sqrt, abs, expm1, log1p
/// after `using namespace tend::math;` (tend/base/math.h). Constants as T(0.5). NaN in must give NaN out: write
/// select(x < T(0), T(0), x), never select(x > T(0), x, T(0)).
///
///   struct Elu {
///     double alpha = 1;
///     static constexpr auto fields = std::tuple{field_of<Elu>("alpha", &Elu::alpha, at_least(0), "", "...")};
///     static constexpr std::string_view value_field = "alpha";     // {elu = 0.5}; leave out where there is none
///     static constexpr bool needs_input = false;                   // true: slope reads z; else z is not there and y alone is read
///     static constexpr double kinks[] = {0.0};                     // points where the slope jumps; std::array<double, 0>{} for none
///     template <class T> T value(T z) const;
///     template <class T> T slope(T z, T y) const;                  // f'(z), y = f(z)
///   };
template <class A>
concept Activation = HasFieldTuple<A> && requires(const A a, double z) {
  { a.value(z) } -> std::same_as<double>;
  { a.slope(z, z) } -> std::same_as<double>;
  { A::needs_input } -> std::convertible_to<bool>;
  A::kinks;
};

}  // namespace tend
