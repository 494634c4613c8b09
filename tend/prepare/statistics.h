#pragma once
#include <vector>

#include "tend/prepare/frame.h"

namespace tend {

/// Statistics of the known values of each column (tables) or channel (images); NaN is ignored. A column without known values
/// counts as one 0.
struct Statistics {
  std::vector<double> mean, deviation;  ///< population deviation
  std::vector<double> low, high;
};
Statistics statistics_of(const Frame& rows);

/// Counts how often each byte occurs, by channel: [channels][256].
std::vector<std::vector<std::int64_t>> byte_histograms(const Frame& rows);

/// Returns the known values of a column or channel, in order of rows, or {0} if there are none. Requires that rows hold no bytes.
std::vector<double> known_values(const Frame& rows, std::int64_t channel);

/// Returns 1 / deviation if a column varies, and 1 if it is constant up to rounding: deviation <= 1e-9 |mean|.
double factor_of(double mean, double deviation);

}  // namespace tend
