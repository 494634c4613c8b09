#pragma once
#include "tend/check/setup.h"

namespace tend {

/// Does the output for one row depend on another row? In inference: one row of a few is replaced by another, and the
/// outputs of the others are compared bit for bit (Karpathy, A Recipe for Training Neural Networks, 2019, "use backprop to chart
/// dependencies"). fail: they change. Layers that mix rows only in training (batch_norm) are named.
struct RowsLeak {
  static constexpr std::tuple<> fields{};
  static constexpr Effort effort = Effort::standard;
  static constexpr int place = 52;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend
