#pragma once
#include <cmath>
#include <string>
#include <tuple>

#include "tend/lecture/probe.h"
#include "tend/trial/gradients.h"

namespace tend {

/// GradientErrors: analytic gradients against central differences before the first step, as the check gradient_check compares
/// them, and the same with a row of steps h, in double and in float32, without allowances for rounding and kinks (CS231n notes,
/// part 3: gradient checks).
struct GradientErrors {
  std::int64_t largest = 1, smallest = 12;
  static constexpr std::string_view about =
      "gradient.error, the worst relative error of tend gradcheck, and gradient.is_wrong; difference.double.h_5, the error of "
      "differences with h = 1e-5, and difference.float.h_5 in float32; the charts \"difference in double\", \"difference in "
      "float32\" by -log10(h).";
  static constexpr auto fields = std::tuple{
      field_of<GradientErrors>("largest", &GradientErrors::largest, at_least(0), "", "The largest h is 10 to minus this power."),
      field_of<GradientErrors>("smallest", &GradientErrors::smallest, at_least(1), "", "The smallest h, likewise.")};

  void at_start(const Training& training, Measures& m) const {
    const GradientReport report = check_gradients(training.engine(), {.elements = 6, .seconds = 1e6, .rows = 1});
    double worst = 0;
    for (const TensorCheck& t : report.tensors) worst = std::max(worst, t.error);
    m.values["gradient.error"] = worst;
    m.values["gradient.is_wrong"] = report.passed() ? 0 : 1;
    for (std::int64_t power = largest; power <= smallest; ++power)
      for (const bool in_float32 : {false, true}) {
        const double error = difference_error(training.engine(), std::pow(10, -static_cast<double>(power)), in_float32);
        m.values[std::string("difference.") + (in_float32 ? "float" : "double") + ".h_" + std::to_string(power)] = error;
        m.curves[std::string("difference in ") + (in_float32 ? "float32" : "double")].push_back(
            {static_cast<double>(power), error});
      }
  }
};

}  // namespace tend
