#pragma once
#include <cmath>
#include <tuple>

#include "tend/update/schedule.h"

namespace tend {

/// ConstantSchedule: the factor is 1.
struct ConstantSchedule {
  static constexpr std::string_view entry_name = "constant";
  static constexpr std::tuple<> fields{};

  double factor(const Progress&) const { return 1; }
};

}  // namespace tend
