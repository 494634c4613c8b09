#pragma once
#include <cmath>
#include <tuple>

#include "tend/update/schedule.h"

namespace tend {

/// Coslog4: (1 - cos(2 pi log2(1 + 15 t))) / 2, t the share of the run that is done: four cycles, each twice as long as the one
/// before. The factor is 0 at t = 0, 1/15, 3/15, 7/15 and 1, and rises and falls smoothly between them. Holzmueller et al., 2024
/// ("Better by default"), sec. 3. `cycles`: 4, as there; 15 is 2^cycles - 1.
struct Coslog4 {
  static constexpr bool warms_up = true;
  std::int64_t cycles = 4;

  static constexpr auto fields = std::tuple{
      field_of<Coslog4>("cycles", &Coslog4::cycles, between(1, 16), "",
                        "How often the rate rises and falls; each cycle is twice as long as the one before.")};

  double factor(const Progress& p) const {
    const double place = std::log2(1 + (std::exp2(static_cast<double>(cycles)) - 1) * std::fmin(p.done, 1.0));
    return 0.5 * (1 - std::cos(2 * 3.14159265358979323846 * place));
  }
};

}  // namespace tend
