#pragma once
#include "tend/check/setup.h"

namespace tend {

/// Codes that an embedding of the inputs looks up: are they whole numbers from 0 up to its vocabulary? In training, validation
/// and test rows. fail, architecture: codes at or above the vocabulary; fail, data-quality: fractions and negative numbers.
struct InputCodes {
  static constexpr auto fields = std::tuple<>{};
  static constexpr Effort effort = Effort::still;
  static constexpr int place = 2;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend
