#pragma once
#include <cmath>
#include <tuple>

#include "tend/update/schedule.h"

namespace tend {

/// CosineSchedule: f + (1 - f) (1 + cos(pi done)) / 2, f the final fraction. Loshchilov and Hutter, 2017, eq. 5, without
/// restarts. Default f = 0.
struct CosineSchedule {
  static constexpr std::string_view entry_name = "cosine";
  double final_fraction = 0;

  static constexpr auto fields = std::tuple{
      field_of<CosineSchedule>("final_fraction", &CosineSchedule::final_fraction, fraction(), "",
                               "The fraction of the learning rate that remains at the last step.")};

  double factor(const Progress& p) const {
    return final_fraction + (1 - final_fraction) * 0.5 * (1 + std::cos(3.14159265358979323846 * p.done));
  }
};

}  // namespace tend
