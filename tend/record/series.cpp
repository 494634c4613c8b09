#include "tend/record/series.h"

#include <algorithm>
#include <cmath>

namespace tend {

std::vector<SeriesPoint> decimated(const std::vector<SeriesPoint>& points, std::size_t by) {
  std::vector<SeriesPoint> joined;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const SeriesPoint& p = points[i];
    if (i % by == 0) {
      joined.push_back(p);
      joined.back().mean *= static_cast<double>(p.steps);
    } else {
      SeriesPoint& to = joined.back();
      to.steps += p.steps;
      to.minimum = std::fmin(to.minimum, p.minimum);  // fmin and fmax return the number where the other one is NaN
      to.maximum = std::fmax(to.maximum, p.maximum);
      to.mean += p.mean * static_cast<double>(p.steps);
    }
    if (i % by == by - 1 || i + 1 == points.size()) joined.back().mean /= static_cast<double>(joined.back().steps);
  }
  return joined;
}

}  // namespace tend
