#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "tend/base/executor.h"
#include "tend/data/dataset.h"

namespace tend {

/// Numbers of an array that are not finite.
struct BadCells {
  std::int64_t count = 0, rows = 0;               ///< in all; rows that have one
  std::int64_t infinite = 0;                      ///< of the count; the others are NaN
  std::vector<std::int64_t> first_rows, columns;  ///< up to 5 of each, in order; columns: places in the last axis
};
BadCells not_finite(const Array& values, Executor& executor);

/// A number for each row, the same for rows with the same bytes.
std::vector<std::uint64_t> row_hashes(const Array& x, Executor& executor);
/// The same for inputs and targets together: `hashes` of the inputs, and the targets of these rows.
std::vector<std::uint64_t> with_targets(std::vector<std::uint64_t> hashes, const Array& y, Executor& executor);

/// Rows of a part that some other rows have too.
struct Copies {
  std::int64_t rows = 0, copied = 0;
  double share() const { return rows ? static_cast<double>(copied) / static_cast<double>(rows) : 0; }
};
Copies copies_within(std::vector<std::uint64_t> hashes);  ///< rows with another one like it
Copies copies_of(const std::vector<std::uint64_t>& hashes, std::vector<std::uint64_t> among);

/// Do held-out rows repeat training rows more often than training rows repeat each other? If all rows are drawn at random from
/// the same source, both shares have about the same expectation.
struct LeakTest {
  double excess = 0;  ///< share of repeated rows among the held-out rows that a random split would not repeat
  double z = 0;       ///< of the difference, with three times its variance because copies occur in clusters
};
LeakTest test_leak(const Copies& within_training, const Copies& held_out);

}  // namespace tend
