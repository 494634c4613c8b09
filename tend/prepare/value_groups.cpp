#include "tend/prepare/value_groups.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tend/base/random.h"

namespace tend {

namespace {

constexpr int parts = 5;
constexpr std::size_t most_values = 2000, most_targets = 64;

/// The sum of targets of some rows.
struct Sum {
  double rows = 0;
  std::vector<double> targets;
  explicit Sum(std::size_t width) : targets(width) {}
  void add(const Sum& other, double sign = 1) {
    rows += sign * other.rows;
    for (std::size_t t = 0; t < targets.size(); ++t) targets[t] += sign * other.targets[t];
  }
};

/// A value of the column, with the sums of its rows by part.
struct Group {
  double value = 0;
  std::vector<Sum> of_part;
  Sum without(int part) const {
    Sum sum(of_part[0].targets.size());
    for (int p = 0; p < parts; ++p)
      if (p != part) sum.add(of_part[static_cast<std::size_t>(p)]);
    return sum;
  }
};

/// Targets as numbers of mean 0 and deviation 1, or where they are whole numbers from 0 to 63, as codes of classes are, one of 0
/// and 1 for each.
class Targets {
 public:
  explicit Targets(const Frame& train) : y_(train.targets().as<double>()), columns_(train.targets().row_size()) {
    const std::int64_t rows = train.rows();
    bool are_codes = columns_ == 1;
    double largest = 0;
    for (std::int64_t i = 0; i < rows * columns_; ++i) {
      are_codes &= y_[i] >= 0 && y_[i] == std::floor(y_[i]);
      largest = std::max(largest, y_[i]);
    }
    // A count with few values may be taken for classes: that judges the same question.
    are_classes_ = are_codes && largest < static_cast<double>(most_targets);
    width_ = are_classes_ ? static_cast<std::size_t>(largest) + 1 : static_cast<std::size_t>(columns_);
    mean_.resize(width_), scale_.resize(width_, 1);
    for (std::size_t t = 0; t < width_ && !are_classes_; ++t) {
      double squares = 0;
      for (std::int64_t i = 0; i < rows; ++i)
        mean_[t] += y_[i * columns_ + static_cast<std::int64_t>(t)] / static_cast<double>(rows);
      for (std::int64_t i = 0; i < rows; ++i)
        squares += std::pow(y_[i * columns_ + static_cast<std::int64_t>(t)] - mean_[t], 2) / static_cast<double>(rows);
      scale_[t] = squares > 0 ? 1 / std::sqrt(squares) : 0;
    }
  }
  std::size_t width() const { return width_; }
  double at(std::int64_t row, std::size_t t) const {
    if (are_classes_) return y_[row] == static_cast<double>(t);
    return (y_[row * columns_ + static_cast<std::int64_t>(t)] - mean_[t]) * scale_[t];
  }

 private:
  const double* y_;
  std::int64_t columns_;
  bool are_classes_ = false;
  std::size_t width_ = 1;
  std::vector<double> mean_, scale_;
};

/// The mean targets that the values on both sides suggest for group g, by a line between the two sides.
std::vector<double> suggested(const std::vector<Group>& groups, const std::vector<Sum>& learnt, std::size_t g) {
  constexpr double fewest_rows = 20;
  const std::size_t width = learnt[g].targets.size();
  const double wanted = std::max(fewest_rows, 2 * learnt[g].rows);
  double at[2] = {0, 0};
  Sum sides[2] = {Sum(width), Sum(width)};
  for (const int side : {0, 1}) {
    for (std::size_t k = 1; sides[side].rows < wanted; ++k) {
      if (side == 0 ? k > g : g + k >= groups.size()) break;
      const std::size_t other = side == 0 ? g - k : g + k;
      sides[side].add(learnt[other]);
      at[side] += learnt[other].rows * groups[other].value;
    }
    if (sides[side].rows > 0) at[side] /= sides[side].rows;
  }
  std::vector<double> means(width);
  const bool has_left = sides[0].rows > 0, has_right = sides[1].rows > 0;
  const double right = !has_left ? 1 : !has_right ? 0 : std::clamp((groups[g].value - at[0]) / (at[1] - at[0]), 0.0, 1.0);
  for (std::size_t t = 0; t < width; ++t) {
    if (has_left) means[t] += (1 - right) * sides[0].targets[t] / sides[0].rows;
    if (has_right) means[t] += right * sides[1].targets[t] / sides[1].rows;
  }
  return means;
}

std::vector<double> sorted_values(const Frame& train, std::int64_t column) {
  std::vector<double> values;
  const double* x = train.table();
  for (std::int64_t i = 0; i < train.rows(); ++i)
    if (const double v = x[i * train.channels() + column]; std::isfinite(v)) values.push_back(v);
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace

std::vector<double> repeated_values(const Frame& train, std::int64_t column) {
  const std::vector<double> sorted = sorted_values(train, column);
  std::vector<double> repeated;
  for (std::size_t i = 1; i < sorted.size(); ++i)
    if (sorted[i] == sorted[i - 1] && (repeated.empty() || repeated.back() != sorted[i])) repeated.push_back(sorted[i]);
  return repeated;
}

namespace {

/// The rows of a column, grouped by its values.
struct Grouped {
  std::vector<Group> groups;           // in rising order of their values
  std::vector<std::int64_t> group_of;  // by row; -1: its value is not finite
  std::vector<int> part_of;            // by row
  double rows = 0, variance = 0;       // variances of the targets, summed

  Grouped(const Frame& train, std::int64_t column, const std::vector<double>& different, const Targets& targets)
      : group_of(static_cast<std::size_t>(train.rows()), -1), part_of(group_of.size()) {
    const std::size_t width = targets.width();
    for (const double v : different) groups.push_back({.value = v, .of_part = std::vector<Sum>(parts, Sum(width))});
    Random random(1, purpose("values as names"));
    Sum all(width);
    std::vector<double> squares(width);
    for (std::int64_t i = 0; i < train.rows(); ++i) {
      const auto row = static_cast<std::size_t>(i);
      part_of[row] = static_cast<int>(random.below(parts));
      const double v = train.table()[i * train.channels() + column];
      if (!std::isfinite(v)) continue;
      group_of[row] = std::lower_bound(different.begin(), different.end(), v) - different.begin();
      Sum& sum = groups[static_cast<std::size_t>(group_of[row])].of_part[static_cast<std::size_t>(part_of[row])];
      ++sum.rows, ++all.rows;
      for (std::size_t t = 0; t < width; ++t) {
        const double y = targets.at(i, t);
        sum.targets[t] += y, all.targets[t] += y, squares[t] += y * y;
      }
    }
    rows = all.rows;
    for (std::size_t t = 0; t < width; ++t) variance += squares[t] / rows - std::pow(all.targets[t] / rows, 2);
  }
};

bool may_be_names(const std::vector<double>& sorted, const std::vector<double>& different) {
  return different.size() >= fewest_names && different.size() <= most_values &&
         std::ssize(sorted) >= rows_of_a_name * std::ssize(different) &&
         std::all_of(different.begin(), different.end(), [](double v) { return v == std::floor(v); });
}

}  // namespace

double gain_of_names(const Frame& train, std::int64_t column) {
  constexpr double own_prior = 3, least_gain = 0.01, least_errors = 5;  // rows by which the neighbours count; standard errors
  const std::vector<double> sorted = sorted_values(train, column);
  std::vector<double> different = sorted;
  different.erase(std::unique(different.begin(), different.end()), different.end());
  if (train.targets().empty() || !may_be_names(sorted, different)) return 0;
  const Targets targets(train);
  const std::size_t width = targets.width();
  const Grouped all(train, column, different, targets);
  if (!(all.variance > 0)) return 0;
  double gain = 0, squares = 0;
  for (int part = 0; part < parts; ++part) {
    std::vector<Sum> learnt;
    for (const Group& group : all.groups) learnt.push_back(group.without(part));
    std::vector<std::vector<double>> by_neighbours, by_name;
    for (std::size_t g = 0; g < learnt.size(); ++g) {
      by_neighbours.push_back(suggested(all.groups, learnt, g));
      by_name.emplace_back();
      for (std::size_t t = 0; t < width; ++t)
        by_name[g].push_back((learnt[g].targets[t] + own_prior * by_neighbours[g][t]) / (learnt[g].rows + own_prior));
    }
    for (std::size_t row = 0; row < all.group_of.size(); ++row) {
      if (all.part_of[row] != part || all.group_of[row] < 0) continue;
      const auto g = static_cast<std::size_t>(all.group_of[row]);
      double of_row = 0;
      for (std::size_t t = 0; t < width; ++t) {
        const double y = targets.at(static_cast<std::int64_t>(row), t);
        of_row += std::pow(y - by_neighbours[g][t], 2) - std::pow(y - by_name[g][t], 2);
      }
      gain += of_row / all.rows, squares += of_row * of_row / all.rows;
    }
  }
  const double error = std::sqrt(std::max(0.0, squares - gain * gain) / all.rows);
  return gain > least_gain * all.variance && gain > least_errors * error ? gain / all.variance : 0;
}

}  // namespace tend
