#include "tend/check/far_values.h"

#include <algorithm>
#include <cmath>

namespace tend {

namespace {

struct Distance {
  double size, value;
};

void describe(FarValues& far, const std::vector<Distance>& sorted, std::size_t count) {
  far.count = static_cast<std::int64_t>(count);
  far.low = far.high = sorted[0].value;
  far.usual_low = far.usual_high = far.median;
  double theirs = 0, all = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const double square = sorted[i].size * sorted[i].size;
    all += square;
    theirs += i < count ? square : 0;
    double &low = i < count ? far.low : far.usual_low, &high = i < count ? far.high : far.usual_high;
    low = std::min(low, sorted[i].value);
    high = std::max(high, sorted[i].value);
  }
  far.share_of_squares = theirs / all;
}

}  // namespace

FarValues FarValues::among(std::vector<double> values) {
  std::erase_if(values, [](double v) { return !std::isfinite(v); });
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  FarValues far;
  far.of = static_cast<std::int64_t>(n);
  std::size_t different = n > 0;
  for (std::size_t i = 1; i < n; ++i) different += values[i] != values[i - 1];
  if (different < 10) return far;
  far.median = values[n / 2];
  std::vector<Distance> distances;
  for (double v : values) distances.push_back({std::fabs(v - far.median), v});
  std::sort(distances.begin(), distances.end(),
            [](const Distance& a, const Distance& b) { return a.size > b.size || (a.size == b.size && a.value < b.value); });
  far.spread = std::max(1.4826 * distances[n / 2].size, (values[n - 1 - n / 20] - values[n / 20]) / 3.29);
  const double bulk = 1.4826 * distances[n / 2].size;
  std::size_t same = 1;
  while (same < n && distances[same].value == distances[0].value) ++same;
  if (same >= 3 && same <= n * 3 / 10 && distances[0].value != 0 && bulk > 0 && distances[0].size > 10 * bulk &&
      distances[0].size >= 3 * distances[same].size) {
    far.is_code = true;
    describe(far, distances, same);
    return far;
  }
  std::size_t count = 0;
  for (std::size_t k = 0; k < std::max<std::size_t>(1, n / 20); ++k)
    if (far.spread > 0 && distances[k].size > 20 * far.spread && distances[k].size >= 5 * distances[k + 1].size) count = k + 1;
  if (count > 0) describe(far, distances, count);
  return far;
}

}  // namespace tend
