#pragma once
#include <cmath>
#include <tuple>

#include "tend/update/schedule.h"

namespace tend {

/// ExponentialSchedule: multiplier^epoch, smoothly within an epoch; `factor` in the file. Default 0.95 per epoch.
struct ExponentialSchedule {
  static constexpr std::string_view entry_name = "exponential";
  double multiplier = 0.95;

  static constexpr auto fields = std::tuple{
      field_of<ExponentialSchedule>("factor", &ExponentialSchedule::multiplier, above(0), "",
                                    "The factor by which the learning rate is multiplied in each epoch, evenly over its steps.")};

  double factor(const Progress& p) const { return std::pow(multiplier, p.epoch); }
};

}  // namespace tend
