#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace tend {

/// Values of consecutive steps, in full: one column for each name.
struct StepBlock {
  std::int64_t first = 1;  ///< the first step, counted from 1
  std::vector<std::string> names;
  std::vector<std::vector<double>> values;  ///< by name, then by step
  std::int64_t steps() const { return values.empty() ? 0 : static_cast<std::int64_t>(values[0].size()); }
};

/// One point of a curve: the values of `steps` consecutive steps. minimum and maximum are of the values that are finite, and NaN
/// if none is; the mean is NaN or infinite if a value is: neither a spike nor a NaN disappears.
struct SeriesPoint {
  std::int64_t first = 1, steps = 1;
  double minimum = 0, maximum = 0, mean = 0;
};

/// Joins consecutive points, as many as `by`, into one each. The last one may be shorter.
std::vector<SeriesPoint> decimated(const std::vector<SeriesPoint>& points, std::size_t by);

}  // namespace tend
