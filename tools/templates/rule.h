#pragma once
#include "tend/diagnose/evidence.h"

namespace tend {

/// What it finds, from which threshold on (with the source of the threshold), and how bad it is.
struct @Type@ {
  static constexpr auto fields = std::tuple<>{};
  static constexpr int place = 50;

  std::vector<Finding> find(const History& h) const {
    if (h.steps < 1) return {};
    return {};
  }
};

}  // namespace tend
