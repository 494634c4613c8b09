#pragma once
#include <vector>

#include "tend/prepare/frame.h"

namespace tend {

/// What the known values of each column (tables) or channel (images) are like; NaN is left out. A column without any counts as
/// one 0.
struct Statistics {
  std::vector<double> mean, deviation;  ///< population deviation
  std::vector<double> low, high;
};
Statistics statistics_of(const Frame& rows);

/// How often each byte occurs, by channel: [channels][256].
std::vector<std::vector<std::int64_t>> byte_histograms(const Frame& rows);

/// The known values of a column or channel, in order of rows; {0} where there are none. Requires no bytes.
std::vector<double> known_values(const Frame& rows, std::int64_t channel);

/// 1 / spread where a column varies, 1 where it is constant up to rounding: deviation <= 1e-9 |mean|.
double factor_of(double mean, double deviation);

}  // namespace tend
