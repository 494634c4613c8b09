#include "tend/check/dependence.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tend/base/random.h"

namespace tend {

namespace {

constexpr int orders = 30;
constexpr std::int64_t few_columns = 30;

void standardize_column(std::vector<float>& x, std::int64_t column, std::int64_t width) {
  const auto n = static_cast<double>(x.size()) / static_cast<double>(width);
  double sum = 0, squares = 0;
  for (std::size_t at = static_cast<std::size_t>(column); at < x.size(); at += static_cast<std::size_t>(width))
    sum += static_cast<double>(x[at]);
  for (std::size_t at = static_cast<std::size_t>(column); at < x.size(); at += static_cast<std::size_t>(width))
    squares += (static_cast<double>(x[at]) - sum / n) * (static_cast<double>(x[at]) - sum / n);
  const double deviation = std::sqrt(squares / n),
               factor = deviation > 1e-6 * std::fabs(sum / n) && deviation > 0 ? 1 / deviation : 0;
  for (std::size_t at = static_cast<std::size_t>(column); at < x.size(); at += static_cast<std::size_t>(width))
    x[at] = static_cast<float>((static_cast<double>(x[at]) - sum / n) * factor);
}

/// Ranks of values, equal ones sharing the mean rank; what is not finite ranks last.
std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto key = [&](std::size_t i) { return std::isfinite(values[i]) ? values[i] : HUGE_VAL; };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  std::vector<double> out(values.size());
  for (std::size_t first = 0, last; first < order.size(); first = last) {
    for (last = first + 1; last < order.size() && key(order[last]) == key(order[first]);) ++last;
    for (std::size_t i = first; i < last; ++i) out[order[i]] = static_cast<double>(first + last - 1) / 2;
  }
  return out;
}

/// The value of a statistic with targets in their own order, then in random ones.
template <class Statistic>
PermutationTest permuted(std::int64_t count, std::uint64_t seed, const Statistic& statistic) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  PermutationTest test;
  test.value = statistic(order);
  Random random(seed, purpose("order of targets"));
  double sum = 0, squares = 0;
  for (int i = 0; i < orders; ++i) {
    random.shuffle(order.data(), order.size());
    const double v = statistic(order);
    sum += v;
    squares += v * v;
  }
  test.mean = sum / orders;
  test.deviation = std::sqrt(std::max(0.0, (squares - sum * test.mean) / (orders - 1)));
  return test;
}

/// x and the products of two of its columns, each standardized.
std::vector<float> with_products(const std::vector<float>& x, std::int64_t count, std::int64_t size, std::int64_t& columns) {
  const bool is_few = size <= few_columns;
  columns = is_few ? size + size * (size + 1) / 2 : size;
  std::vector<float> all(static_cast<std::size_t>(count * columns)), own = x;
  for (std::int64_t f = 0; f < size; ++f) standardize_column(own, f, size);
  for (std::int64_t r = 0; r < count; ++r) {
    const float* from = own.data() + r * size;
    float* to = std::copy(from, from + size, all.data() + r * columns);
    for (std::int64_t f = 0; is_few && f < size; ++f)
      for (std::int64_t g = f; g < size; ++g) *to++ = from[f] * from[g];
  }
  for (std::int64_t c = size; c < columns; ++c) standardize_column(all, c, columns);
  return all;
}

}  // namespace

TargetVectors TargetVectors::of(const SampleRows& sample, std::int64_t count, Task task, std::int64_t classes) {
  TargetVectors v;
  v.count = count;
  v.width = task == Task::classification ? classes : sample.targets;
  v.values.resize(static_cast<std::size_t>(count * v.width), 0);
  for (std::int64_t t = 0; t < sample.targets; ++t) {
    std::vector<double> column;
    for (std::int64_t r = 0; r < count; ++r) column.push_back(sample.y[static_cast<std::size_t>(r * sample.targets + t)]);
    const bool is_class = task == Task::classification;
    if (task == Task::regression) column = ranks(column);
    for (std::int64_t r = 0; r < count; ++r) {
      const double y = column[static_cast<std::size_t>(r)];
      if (!std::isfinite(y)) continue;
      if (is_class)
        v.values[static_cast<std::size_t>(r * v.width) + static_cast<std::size_t>(y)] = 1;
      else
        v.values[static_cast<std::size_t>(r * v.width + t)] = static_cast<float>(y);
    }
  }
  for (std::int64_t c = 0; c < v.width; ++c) standardize_column(v.values, c, v.width);
  return v;
}

PermutationTest test_neighbours(const NearestRows& nearest, const TargetVectors& targets, std::int64_t k, std::uint64_t seed) {
  const std::int64_t width = targets.width, most = std::min(k, nearest.kept);
  return permuted(targets.count, seed, [&](const std::vector<std::int64_t>& order) {
    double sum = 0;
    std::vector<float> theirs(static_cast<std::size_t>(width));
    for (std::int64_t r = 0; r < nearest.count; ++r) {
      std::fill(theirs.begin(), theirs.end(), 0.0f);
      for (std::int64_t j = 0; j < most; ++j) {
        const float* v = targets.values.data() +
                         order[static_cast<std::size_t>(nearest.rows[static_cast<std::size_t>(r * nearest.kept + j)])] * width;
        for (std::int64_t c = 0; c < width; ++c) theirs[static_cast<std::size_t>(c)] += v[c];
      }
      const float* own = targets.values.data() + order[static_cast<std::size_t>(r)] * width;
      for (std::int64_t c = 0; c < width; ++c) sum += static_cast<double>(own[c] * theirs[static_cast<std::size_t>(c)]);
    }
    return sum / static_cast<double>(nearest.count * most * width);
  });
}

PermutationTest test_columns(const std::vector<float>& x, std::int64_t size, const TargetVectors& targets, std::uint64_t seed) {
  std::int64_t columns = 0;
  const std::vector<float> all = with_products(x, targets.count, size, columns);
  std::vector<float> sums(static_cast<std::size_t>(columns));
  return permuted(targets.count, seed, [&](const std::vector<std::int64_t>& order) {
    double most = 0;
    for (std::int64_t c = 0; c < targets.width; ++c) {
      std::fill(sums.begin(), sums.end(), 0.0f);
      for (std::int64_t r = 0; r < targets.count; ++r) {
        const float y = targets.values[static_cast<std::size_t>(order[static_cast<std::size_t>(r)] * targets.width + c)];
        const float* row = all.data() + r * columns;
        for (std::int64_t f = 0; f < columns; ++f) sums[static_cast<std::size_t>(f)] += y * row[f];
      }
      for (float s : sums) most = std::max(most, std::pow(static_cast<double>(s) / static_cast<double>(targets.count), 2));
    }
    return most;
  });
}

}  // namespace tend
