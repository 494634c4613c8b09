#include "tend/check/deciding_columns.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "tend/base/text.h"

namespace tend {

namespace {

constexpr std::int64_t rows_needed = 100, rows_of_a_category = 3, most_rows_at_first = 10'000;
constexpr std::size_t columns_needed = 3, classes_at_most = 20;
constexpr double nearly_as_well = 0.9;  // of the rows, beside a neighbour of the same class

using Rows = std::vector<std::pair<double, double>>;  // value and class

/// How well a column orders the classes: the share of rows whose next row, by value, has the same class. Rows of one value with
/// several classes count as apart.
struct Order {
  double share = 0;
  std::size_t ranges = 0;  ///< of rows of one class, one after the other
};

Order order_of(Rows rows) {
  std::sort(rows.begin(), rows.end());
  Order order{.ranges = 1};
  std::size_t same = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const bool is_same = rows[i].second == rows[i - 1].second;
    same += is_same;
    order.ranges += is_same ? 0 : rows[i].first == rows[i - 1].first ? rows.size() : 1;  // one value, two classes
  }
  order.share = rows.size() > 1 ? static_cast<double>(same) / static_cast<double>(rows.size() - 1) : 0;
  return order;
}

/// Do the rows of each category have one class? Returns the number of categories; 0: they do not.
std::size_t categories_of_one_class(const Rows& rows, std::size_t classes) {
  std::map<double, std::pair<double, std::int64_t>> known;
  for (const auto& [category, code] : rows) {
    const auto [at, is_new] = known.try_emplace(category, code, 0);
    if (at->second.first != code) return 0;
    ++at->second.second;
  }
  const auto few = std::count_if(known.begin(), known.end(),
                                 [](const auto& one) { return one.second.second < rows_of_a_category; });
  return known.size() > classes && 10 * few <= static_cast<std::ptrdiff_t>(known.size()) ? known.size() : 0;
}

/// Every stride-th row of a column; empty where one of them is missing.
Rows rows_of(const Dataset& data, std::size_t c, std::int64_t stride) {
  Rows rows;
  for (std::int64_t r = 0; r < data.rows(); r += stride) {
    const double v = data.x.as<double>()[static_cast<std::size_t>(r) * data.columns.size() + c];
    if (std::isnan(v)) return {};
    rows.emplace_back(v, data.y.as<double>()[r]);
  }
  return rows;
}

/// Could a column be one of them, as far as some of its rows say?
bool is_likely(const Dataset& data, std::size_t c, const Rows& rows, std::size_t classes) {
  if (rows.empty()) return false;
  if (!data.columns[c].is_category()) {
    const Order order = order_of(rows);
    return order.ranges <= classes || order.share >= nearly_as_well;
  }
  std::map<double, double> known;
  return std::all_of(rows.begin(), rows.end(),
                     [&](const auto& row) { return known.try_emplace(row.first, row.second).first->second == row.second; });
}

}  // namespace

std::vector<DecidingColumn> deciding_columns(const Dataset& data) {
  if (data.task != Task::classification || data.y.empty() || data.y.row_size() != 1 || data.rows() < rows_needed ||
      data.columns.size() < columns_needed || data.x.type() != ElementType::float64)
    return {};
  const std::set<double> classes(data.y.as<double>(), data.y.as<double>() + data.rows());
  if (classes.size() < 2 || classes.size() > classes_at_most) return {};
  const std::int64_t stride = std::max<std::int64_t>(1, data.rows() / most_rows_at_first);
  std::vector<DecidingColumn> found;
  std::vector<std::size_t> perfect;
  bool has_other = false;
  for (std::size_t c = 0; c < data.columns.size(); ++c) {
    if (!is_likely(data, c, rows_of(data, c, stride), classes.size())) continue;
    const Rows rows = rows_of(data, c, 1);
    if (rows.empty()) continue;
    if (data.columns[c].is_category()) {
      if (const std::size_t categories = categories_of_one_class(rows, classes.size()))
        found.push_back(
            {data.columns[c].name, "each of its " + std::to_string(categories) + " values has rows of one class only"});
      continue;
    }
    const Order order = order_of(rows);
    if (order.ranges == classes.size()) perfect.push_back(c);
    else has_other |= order.share >= nearly_as_well;
  }
  if (perfect.size() == 1 && !has_other)
    found.push_back(
        {data.columns[perfect[0]].name, "each class has a range of its values for itself, and no other column comes near that"});
  return found;
}

}  // namespace tend
