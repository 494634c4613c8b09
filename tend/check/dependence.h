#pragma once
#include <cstdint>
#include <vector>

#include "tend/base/executor.h"
#include "tend/check/neighbours.h"
#include "tend/check/setup.h"

namespace tend {

/// Targets of the first rows of a sample as vectors of mean 0 and deviation 1: classes one-hot, values by rank, labels as they
/// are. Rows [count, width]; columns that never change are 0.
struct TargetVectors {
  std::int64_t count = 0, width = 0;
  std::vector<float> values;
  std::vector<std::int32_t> codes;  ///< the class of each row; empty for other tasks
  static TargetVectors of(const SampleRows& sample, std::int64_t count, Task task, std::int64_t classes);
};

/// A statistic, and its mean and deviation with the targets in 30 random orders.
struct PermutationTest {
  double value = 0, mean = 0, deviation = 0;
  double z() const { return deviation > 0 ? (value - mean) / deviation : 0; }
};
/// Mean over rows of the product of a row's targets and its nearest rows' mean targets.
PermutationTest test_neighbours(const NearestRows& nearest, const TargetVectors& targets, std::int64_t k, std::uint64_t seed);
/// The largest squared correlation of a column of x [count, size] with a target; of 30 columns or fewer products of two count as
/// columns, unless that is expensive: about 1e7 multiplications for each order; fewer rows of values and labels if necessary.
PermutationTest test_columns(const std::vector<float>& x, std::int64_t size, const TargetVectors& targets, std::uint64_t seed);

}  // namespace tend
