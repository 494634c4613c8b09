#pragma once
#include <cmath>

#include "tend/trial/advice.h"
#include "tend/check/setup.h"

namespace tend {

/// @Type@: the measured quantity, the expected value and its source, when the check warns and when it fails.
struct @Type@ {
  double most = 10;

  static constexpr auto fields = std::tuple{field_of<@Type@>("most", &@Type@::most, above(0), "", "The largest absolute value that an input may have.")};
  static constexpr Effort effort = Effort::still;
  static constexpr int place = 10;

  std::vector<CheckResult> run(const Setup& setup) const {
    double size = 0;
    for (float v : setup.training_sample().x) size = std::max(size, std::fabs(static_cast<double>(v)));
    if (size > most)
      return {CheckResult::alarm(Verdict::warn, "data-scale", "An input is " + short_number(size) + " in size.", standardized_inputs(setup), "Scale the inputs.").with(size, most)};
    return {CheckResult::pass("The largest input is " + short_number(size) + ".").with(size, most)};
  }
};

}  // namespace tend
