#include "tend/gradcheck/numeric.h"

#include <algorithm>
#include <cmath>

#include "tend/base/error.h"
#include "tend/gradcheck/mistake.h"

namespace tend {

GradientBand band_of(double relative_error) {
  if (!(relative_error <= 1e-2)) return GradientBand::wrong;
  if (relative_error > 1e-4) return GradientBand::suspicious;
  return relative_error > 1e-7 ? GradientBand::fair : GradientBand::right;
}

const char* name_of(GradientBand band) {
  switch (band) {
    case GradientBand::right: return "right";
    case GradientBand::fair: return "fair";
    case GradientBand::suspicious: return "suspicious";
    case GradientBand::wrong: return "wrong";
  }
  return "";
}

double central_difference(const ScalarFunction& f, std::vector<double>& x, std::size_t i, double step, bool& is_kink) {
  const double kept = x[i], h = step * std::max(1.0, std::abs(kept));
  const auto at = [&](double v) {
    x[i] = v;
    const double value = f(x);
    x[i] = kept;
    return value;
  };
  const double here = f(x);
  const auto sides = [&](double d) { return std::pair{(here - at(kept - d)) / d, (at(kept + d) - here) / d}; };
  const auto [left, right] = sides(h);
  // If f is smooth, the sides differ by h f''. A jump of the slope stays as h shrinks, or is outside the smaller step.
  const double size = std::max({1e-8, std::abs(left), std::abs(right)});
  is_kink = false;
  if (std::abs(right - left) > 1e-2 * size) {
    const auto [near_left, near_right] = sides(h / 10);
    is_kink = std::abs(near_right - near_left) > 0.5 * std::abs(right - left) ||
              std::abs((near_left + near_right) / 2 - (left + right) / 2) > 1e-3 * size;
  }
  return (left + right) / 2;
}

FunctionCheck check_gradient(const ScalarFunction& f, const GradientFunction& gradient, const std::vector<double>& given,
                             double step, const Shape& shape) {
  std::vector<double> x = given, numeric(x.size());
  const std::vector<double> analytic = gradient(x);
  if (analytic.size() != x.size())
    throw Error(Trouble::usage, "check_gradient",
                "a gradient of " + std::to_string(analytic.size()) + " elements for " + std::to_string(x.size()) + " variables",
                "one element a variable");
  FunctionCheck check;
  const double unsure = 40 * std::numeric_limits<double>::epsilon() * std::max(1.0, std::abs(f(x))) / step;
  for (std::size_t i = 0; i < x.size(); ++i) {
    bool is_kink = false;
    numeric[i] = central_difference(f, x, i, step, is_kink);
    if (is_kink) {
      numeric[i] = NAN;
      ++check.kinks;
      continue;
    }
    ++check.checked;
    const double apart = std::abs(analytic[i] - numeric[i]);
    const double error = apart <= unsure ? 0 : relative_error(analytic[i], numeric[i]);
    if (error < check.worst_error || (error == check.worst_error && check.checked > 1)) continue;
    check.worst_error = error, check.at = static_cast<std::int64_t>(i), check.numeric = numeric[i], check.analytic = analytic[i];
  }
  check.band = band_of(check.worst_error);
  if (check.band >= GradientBand::suspicious)
    check.mistake = kind_of_mistake(analytic, numeric, shape.rank() > 0 ? shape : Shape{static_cast<std::int64_t>(x.size())});
  return check;
}

}  // namespace tend
