#pragma once
#include <array>
#include <tuple>

#include "tend/base/math.h"
#include "tend/network/activation.h"

namespace tend {

/// Sine: y = sin(z). Derivative cos(z). With learned frequencies and phases before it (column_dense), columns get the periodic
/// embeddings of Gorishniy et al., 2022 ("On embeddings for numerical features"), eq. 4; Sitzmann et al., 2020, eq. 5.
/// Error bound: 1e-13 in double and 5e-7 in float for |z| < 10,000. Beyond, where float has few digits of the angle left, y = 0.
struct Sine {
  static constexpr std::tuple<> fields{};
  static constexpr bool needs_input = true;
  static constexpr std::array<double, 0> kinks{};
  static constexpr double lowest = -1, highest = 1;

  template <class T>
  T value(T z) const {
    using namespace tend::math;
    const T r = rest(z);
    return of_quarter(select(r > T(half_pi), T(pi) - r, select(r < T(-half_pi), T(-pi) - r, r)));
  }
  template <class T>
  T slope(T z, T) const {
    using namespace tend::math;
    return select(abs(z) < T(far), of_quarter(T(half_pi) - abs(rest(z))), select(abs(z) >= T(far), T(0), z));
  }

 private:
  static constexpr double pi = 3.14159265358979323846, half_pi = pi / 2, far = 1e4;
  static constexpr double turn_high = 6.28125, turn_low = 0.00193530717958647693;  // 2 pi; k turn_high is exact

  /// z minus the nearest multiple of 2 pi; 0 for |z| >= far. Adding 1.5 * 2^(digits - 1) rounds to a whole number.
  template <class T>
  static T rest(T z) {
    using namespace tend::math;
    const T near = select(abs(z) >= T(far), T(0), z);
    const T large(sizeof(T) == sizeof(float) ? 12582912.0 : 6755399441055744.0);
    const T k = (near * T(1 / (2 * pi)) + large) - large;
    return (near - k * T(turn_high)) - k * T(turn_low);
  }
  /// sin(q) for |q| <= pi / 2 by its Taylor series: nine terms have an error below 1e-13.
  template <class T>
  static T of_quarter(T q) {
    const T s = q * q;
    T sum(1.0 / 355687428096000.0);
    for (const double term : {-1.0 / 1307674368000.0, 1.0 / 6227020800.0, -1.0 / 39916800.0, 1.0 / 362880.0, -1.0 / 5040.0,
                              1.0 / 120.0, -1.0 / 6.0, 1.0})
      sum = sum * s + T(term);
    return q * sum;
  }
};

}  // namespace tend
