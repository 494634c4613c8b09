#pragma once
#include <cmath>
#include <tuple>

#include "tend/update/schedule.h"

namespace tend {

/// InverseTimeSchedule: 1 / (1 + decay step). Robbins and Monro, 1951. Default 1e-4 per step.
struct InverseTimeSchedule {
  static constexpr std::string_view entry_name = "inverse_time";
  double decay = 1e-4;

  static constexpr auto fields = std::tuple{field_of<InverseTimeSchedule>(
      "decay", &InverseTimeSchedule::decay, at_least(0), "", "The learning rate after s steps is divided by 1 + decay * s.")};

  double factor(const Progress& p) const { return 1 / (1 + decay * static_cast<double>(p.step)); }
};

}  // namespace tend
