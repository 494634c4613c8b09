#pragma once
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "tend/tensor/shape.h"

namespace tend {

/// The lecture's bands of a relative error (CS231n, notes on gradient checks): above 1e-2 the gradient is wrong; 1e-2 .. 1e-4
/// is suspicious; up to 1e-4 is right if there are kinks, otherwise up to 1e-7.
enum class GradientBand { right, fair, suspicious, wrong };
GradientBand band_of(double relative_error);
const char* name_of(GradientBand band);

/// A scalar function of many variables, and its gradient as the user wrote it.
using ScalarFunction = std::function<double(std::span<const double>)>;
using GradientFunction = std::function<std::vector<double>(std::span<const double>)>;

struct FunctionCheck {
  GradientBand band = GradientBand::right;
  double worst_error = 0, numeric = 0, analytic = 0;  ///< at the worst element
  std::int64_t at = 0, checked = 0, kinks = 0;        ///< kinks: elements where f has a kink within a step; not counted
  std::string mistake;                                ///< the likely kind of mistake; "" if the gradient is right
};

/// Returns (f(x + h e_i) - f(x - h e_i)) / 2h for one element; h = step max(1, |x_i|). Sets is_kink if the slopes on both sides
/// stay apart when h is ten times smaller: the derivative does not exist there.
double central_difference(const ScalarFunction& f, std::vector<double>& x, std::size_t i, double step, bool& is_kink);

/// Compares a gradient with central differences, element by element. step: the default balances rounding (eps |f| / h) and
/// truncation (h^2 f''' / 6). With `shape`, the message can report a transposed or shifted gradient. f must not keep anything
/// between calls.
FunctionCheck check_gradient(const ScalarFunction& f, const GradientFunction& gradient, const std::vector<double>& x,
                             double step = 6e-6 /* cbrt(eps) */, const Shape& shape = {});

}  // namespace tend
