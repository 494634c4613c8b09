#pragma once
#include <cstdint>
#include <vector>

#include "tend/check/row_scan.h"
#include "tend/check/setup.h"

namespace tend {

/// Alarms about held-out rows that are copies or near copies of training rows: more than `most` of them, beyond what a random
/// split of the same source gives. `training`: the hashes of the training rows; `within`: their copies of each other.
void look_for_leaks(const Setup& setup, double most, const std::vector<std::uint64_t>& training, const Copies& within,
                    std::vector<CheckResult>& results);

}  // namespace tend
