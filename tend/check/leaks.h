#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "tend/check/row_scan.h"
#include "tend/check/setup.h"

namespace tend {

/// Alarms about held-out rows that are copies or near copies of training rows: more than `most` of them, beyond what a random
/// split of the same source gives. `training`: the hashes of the training rows; `within`: their copies of each other.
void look_for_leaks(const Setup& setup, double most, const std::vector<std::uint64_t>& training, const Copies& within,
                    std::vector<CheckResult>& results);

/// Are the rows a slow series: is the row that is most similar to a training row mostly one of those just before or after it?
bool is_series(const Setup& setup);

/// How many training rows have copies, and how many held-out rows have one among the training rows, for a report.
std::string copies_text(const Setup& setup, const std::vector<std::uint64_t>& training, const Copies& within);

}  // namespace tend
