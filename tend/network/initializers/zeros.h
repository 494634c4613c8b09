#pragma once
#include <cmath>
#include <string>
#include <tuple>

#include "tend/network/initializer.h"

namespace tend {

/// Zeros: all elements are 0.
struct Zeros {
  static constexpr std::tuple<> fields{};

  void fill(double* w, const FillTarget& target, Random&) const {
    for (std::int64_t i = 0; i < target.shape.count(); ++i) w[i] = 0;
  }
  std::string formula() const { return "all 0"; }
};

}  // namespace tend
