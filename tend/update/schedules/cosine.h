#pragma once
#include <cmath>
#include <tuple>

#include "tend/update/schedule.h"

namespace tend {

/// CosineSchedule: f + (1 - f) (1 + cos(pi c)) / 2, f the final fraction, c the share of the present cycle that is done.
/// Loshchilov and Hutter, 2017, eq. 5; cycles of equal length. Defaults: one cycle, f = 0.
struct CosineSchedule {
  static constexpr std::string_view entry_name = "cosine";
  double final_fraction = 0;
  std::int64_t cycles = 1;

  static constexpr auto fields = std::tuple{
      field_of<CosineSchedule>("final_fraction", &CosineSchedule::final_fraction, fraction(), "",
                               "The fraction of the learning rate that remains at the last step."),
      field_of<CosineSchedule>("cycles", &CosineSchedule::cycles, at_least(1), "",
                               "How often the rate starts at its full size; each cycle may give a checkpoint of its own.")};

  double factor(const Progress& p) const {
    const double cycle = p.done * static_cast<double>(cycles), done = p.done >= 1 ? 1 : cycle - std::floor(cycle);
    return final_fraction + (1 - final_fraction) * 0.5 * (1 + std::cos(3.14159265358979323846 * done));
  }
};

}  // namespace tend
