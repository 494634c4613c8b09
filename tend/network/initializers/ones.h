#pragma once
#include <cmath>
#include <string>
#include <tuple>

#include "tend/network/initializer.h"

namespace tend {

/// Ones: all elements are 1.
struct Ones {
  static constexpr std::tuple<> fields{};

  void fill(double* w, const FillTarget& target, Random&) const {
    for (std::int64_t i = 0; i < target.shape.count(); ++i) w[i] = 1;
  }
  std::string formula() const { return "all 1"; }
};

}  // namespace tend
