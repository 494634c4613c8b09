#include "tend/prepare/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tend {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Statistics blank(std::int64_t channels) {
  const auto n = static_cast<std::size_t>(channels);
  return {.mean = std::vector<double>(n, 0.0),
          .deviation = std::vector<double>(n, 0.0),
          .low = std::vector<double>(n, infinity),
          .high = std::vector<double>(n, -infinity)};
}

/// Uses two passes, so that a small deviation is not lost next to a large mean.
template <class T>
Statistics of_numbers(const T* x, std::int64_t places, std::int64_t channels) {
  Statistics s = blank(channels);
  std::vector<std::int64_t> known(static_cast<std::size_t>(channels), 0);
  const T* at = x;
  for (std::int64_t i = 0; i < places; ++i, at += channels)
    for (std::int64_t k = 0; k < channels; ++k) {
      const auto c = static_cast<std::size_t>(k);
      const double v = at[k];
      if (std::isnan(v)) continue;
      ++known[c];
      s.mean[c] += v;
      s.low[c] = v < s.low[c] ? v : s.low[c];
      s.high[c] = v > s.high[c] ? v : s.high[c];
    }
  for (std::size_t c = 0; c < known.size(); ++c) {
    if (known[c] == 0) s.low[c] = s.high[c] = 0;
    s.mean[c] /= static_cast<double>(std::max<std::int64_t>(known[c], 1));
  }
  at = x;
  for (std::int64_t i = 0; i < places; ++i, at += channels)
    for (std::int64_t k = 0; k < channels; ++k) {
      const double v = at[k];
      if (std::isnan(v)) continue;
      const double d = v - s.mean[static_cast<std::size_t>(k)];
      s.deviation[static_cast<std::size_t>(k)] += d * d;
    }
  for (std::size_t c = 0; c < known.size(); ++c)
    s.deviation[c] = std::sqrt(s.deviation[c] / static_cast<double>(std::max<std::int64_t>(known[c], 1)));
  return s;
}

Statistics of_bytes(const Frame& rows) {
  Statistics s = blank(rows.channels());
  const auto histograms = byte_histograms(rows);
  for (std::size_t c = 0; c < histograms.size(); ++c) {
    const auto channel = static_cast<std::int64_t>(c);
    double count = 0, sum = 0, squares = 0;
    for (int b = 0; b < 256; ++b) {
      const auto n = static_cast<double>(histograms[c][static_cast<std::size_t>(b)]);
      if (n == 0) continue;
      const double v = rows.value_of_byte(static_cast<std::uint8_t>(b), channel);
      count += n;
      sum += n * v;
      s.low[c] = std::min(s.low[c], v);
      s.high[c] = std::max(s.high[c], v);
    }
    if (count == 0) {
      s.low[c] = s.high[c] = 0;
      continue;
    }
    s.mean[c] = sum / count;
    for (int b = 0; b < 256; ++b) {
      const double d = rows.value_of_byte(static_cast<std::uint8_t>(b), channel) - s.mean[c];
      squares += static_cast<double>(histograms[c][static_cast<std::size_t>(b)]) * d * d;
    }
    s.deviation[c] = std::sqrt(squares / count);
  }
  return s;
}

}  // namespace

Statistics statistics_of(const Frame& rows) {
  const std::int64_t channels = rows.channels(), places = channels ? rows.x().shape().count() / channels : 0;
  if (rows.holds_bytes()) return of_bytes(rows);
  return rows.is_table() ? of_numbers(rows.table(), places, channels) : of_numbers(rows.x().as<float>(), places, channels);
}

std::vector<std::vector<std::int64_t>> byte_histograms(const Frame& rows) {
  const auto channels = static_cast<std::size_t>(rows.channels());
  // Four tables are used in turn: images have many equal neighbours, and a counter that was just written is slow to read.
  const std::size_t period = channels * 4;
  std::vector<std::vector<std::int64_t>> counts(period, std::vector<std::int64_t>(256, 0));
  const std::uint8_t* x = rows.x().as<std::uint8_t>();
  const auto n = static_cast<std::size_t>(rows.x().shape().count());
  std::size_t i = 0;
  for (; i + period <= n; i += period)
    for (std::size_t j = 0; j < period; ++j) ++counts[j][x[i + j]];
  for (std::size_t j = 0; i + j < n; ++j) ++counts[j][x[i + j]];
  for (std::size_t j = channels; j < period; ++j)
    for (std::size_t b = 0; b < 256; ++b) counts[j % channels][b] += counts[j][b];
  counts.resize(channels);
  return counts;
}

std::vector<double> known_values(const Frame& rows, std::int64_t channel) {
  TEND_EXPECTS(!rows.holds_bytes());
  std::vector<double> values;
  const std::int64_t channels = rows.channels();
  for (std::int64_t i = channel, n = rows.x().shape().count(); i < n; i += channels) {
    const double v = rows.is_table() ? rows.table()[i] : static_cast<double>(rows.x().as<float>()[i]);
    if (!std::isnan(v)) values.push_back(v);
  }
  if (values.empty()) values.push_back(0);
  return values;
}

double factor_of(double mean, double deviation) { return deviation <= 1e-9 * std::abs(mean) ? 1 : 1 / deviation; }

}  // namespace tend
