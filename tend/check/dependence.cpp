#include "tend/check/dependence.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tend/base/random.h"

namespace tend {

namespace {

constexpr int orders = 30;
constexpr std::int64_t few_columns = 30, least_rows = 64;
constexpr double dear = 1e7;  // multiplications for one order of the targets

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

/// x and, where `columns` is more than `size`, the products of two columns; all standardized.
std::vector<float> with_products(const std::vector<float>& x, std::int64_t count, std::int64_t size, std::int64_t columns) {
  const bool is_few = columns > size;
  std::vector<float> all(static_cast<std::size_t>(count * columns)), own(x.begin(), x.begin() + count * size);
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

double best_with_values(const std::vector<float>& x, std::int64_t columns, const TargetVectors& targets,
                        const std::vector<std::int64_t>& order) {
  double most = 0;
  std::vector<float> sums(static_cast<std::size_t>(columns));
  for (std::int64_t c = 0; c < targets.width; ++c) {
    std::fill(sums.begin(), sums.end(), 0.0f);
    for (std::size_t r = 0; r < order.size(); ++r) {
      const float y = targets.values[static_cast<std::size_t>(order[r] * targets.width + c)];
      const float* row = x.data() + static_cast<std::int64_t>(r) * columns;
      for (std::int64_t f = 0; f < columns; ++f) sums[static_cast<std::size_t>(f)] += y * row[f];
    }
    for (float s : sums) most = std::max(most, std::pow(static_cast<double>(s) / static_cast<double>(order.size()), 2));
  }
  return most;
}

/// The same for one-hot targets, from the sums of each class's rows: standardized columns sum to 0, so the rows of other classes
/// add nothing.
double best_with_classes(const std::vector<float>& x, std::int64_t columns, const TargetVectors& targets,
                         const std::vector<std::int64_t>& order) {
  const auto n = static_cast<double>(order.size());
  std::vector<float> sums(static_cast<std::size_t>(targets.width * columns), 0);
  std::vector<double> counts(static_cast<std::size_t>(targets.width), 0);
  for (std::size_t r = 0; r < order.size(); ++r) {
    const std::int64_t code = targets.codes[static_cast<std::size_t>(order[r])];
    ++counts[static_cast<std::size_t>(code)];
    const float* row = x.data() + static_cast<std::int64_t>(r) * columns;
    float* sum = sums.data() + code * columns;
    for (std::int64_t f = 0; f < columns; ++f) sum[f] += row[f];
  }
  double most = 0;
  for (std::int64_t c = 0; c < targets.width; ++c) {
    const double share = counts[static_cast<std::size_t>(c)] / n, variance = share * (1 - share);
    for (std::int64_t f = 0; variance > 0 && f < columns; ++f)
      most = std::max(most, std::pow(static_cast<double>(sums[static_cast<std::size_t>(c * columns + f)]) / n, 2) / variance);
  }
  return most;
}

}  // namespace

TargetVectors TargetVectors::of(const SampleRows& sample, std::int64_t count, Task task, std::int64_t classes) {
  TargetVectors v;
  v.count = count;
  v.width = task == Task::classification ? classes : sample.targets;
  v.values.resize(static_cast<std::size_t>(count * v.width), 0);
  if (task == Task::classification) v.codes.resize(static_cast<std::size_t>(count), 0);
  for (std::int64_t t = 0; t < sample.targets; ++t) {
    std::vector<double> column;
    for (std::int64_t r = 0; r < count; ++r) column.push_back(sample.y[static_cast<std::size_t>(r * sample.targets + t)]);
    const bool is_class = task == Task::classification;
    if (task == Task::regression) column = ranks(column);
    for (std::int64_t r = 0; r < count; ++r) {
      const double y = column[static_cast<std::size_t>(r)];
      if (!std::isfinite(y)) continue;
      if (is_class) v.codes[static_cast<std::size_t>(r)] = static_cast<std::int32_t>(y);
      if (is_class) v.values[static_cast<std::size_t>(r * v.width) + static_cast<std::size_t>(y)] = 1;
      else v.values[static_cast<std::size_t>(r * v.width + t)] = static_cast<float>(y);
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
  const bool is_classes = !targets.codes.empty();
  const auto cost = [&](std::int64_t rows, std::int64_t columns) {
    return static_cast<double>(columns) * static_cast<double>(is_classes ? rows + targets.width : rows * targets.width);
  };
  const std::int64_t with_pairs = size + size * (size + 1) / 2;
  const bool has_pairs = size <= few_columns && cost(targets.count, with_pairs) <= dear;
  const std::int64_t columns = has_pairs ? with_pairs : size;
  std::int64_t rows = targets.count;
  if (cost(rows, columns) > dear) rows = std::min(rows, std::max(least_rows, static_cast<std::int64_t>(dear / cost(1, columns))));
  const std::vector<float> all = with_products(x, rows, size, columns);
  return permuted(rows, seed, [&](const std::vector<std::int64_t>& order) {
    return is_classes ? best_with_classes(all, columns, targets, order) : best_with_values(all, columns, targets, order);
  });
}

}  // namespace tend
