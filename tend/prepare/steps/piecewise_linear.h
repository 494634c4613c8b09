#pragma once
#include <algorithm>
#include <cmath>

#include "tend/prepare/statistics.h"
#include "tend/prepare/step.h"

namespace tend {

/// Puts beside each number x of a table T columns t_1 .. t_T, T <= bins: t_i = (x - e_{i-1}) / (e_i - e_{i-1}), cut off below 0
/// and above 1. The edges e are values of the training rows, such that each bin has about the same number of rows, or one value
/// that more rows have. No bin is narrower than a millionth of the range: other rows would seem far away in it. A network can
/// then learn another slope in each bin. Columns of at most two values and categories that wait for a later one_hot do not
/// change; NaN gives NaN. Gorishniy et al., 2022 ("On embeddings for numerical features"), sec. 3.2 and eq. 1, here bounded at
/// both ends.
struct PiecewiseLinear {
  static constexpr std::string_view about =
      "Adds columns that say how far each number has come through each of its quantile bins, from 0 to 1.";
  int bins = 16;
  static constexpr bool adds_columns = true;
  static constexpr auto fields = std::tuple{
      field_of<PiecewiseLinear>("bins", &PiecewiseLinear::bins, at_least(2), "bins", "The largest number of bins of a column.")};
  static constexpr std::string_view value_field = "bins";
  std::vector<std::vector<double>> edges;  ///< by column; empty: the column does not change

  void fit(const Frame& train) {
    if (!train.is_table())
      throw Error(Trouble::usage, "prepare.piecewise_linear", "rows of the shape " + train.row_shape().text(),
                  "the rows of a table", "leave the step out");
    edges.clear();
    for (std::int64_t c = 0; c < train.channels(); ++c)
      edges.push_back(train.waits(c) ? std::vector<double>{} : edges_of(known_values(train, c)));
  }
  void apply(Frame& rows) const {
    if (!rows.is_table()) return;
    if (rows.channels() != static_cast<std::int64_t>(edges.size()))
      throw Error(Trouble::data, "prepare.piecewise_linear", std::to_string(rows.channels()) + " columns",
                  std::to_string(edges.size()) + ", as it was fitted to");
    std::vector<Column> columns;
    for (std::size_t c = 0; c < edges.size(); ++c) {
      columns.push_back(rows.columns[c]);
      for (std::size_t t = 1; t < edges[c].size(); ++t)
        columns.push_back({.name = rows.columns[c].name + " bin " + std::to_string(t), .levels = {}});
    }
    const auto width = static_cast<std::int64_t>(columns.size());
    Array wide({rows.rows(), width}, ElementType::float64);
    const double* in = rows.rows() ? rows.table() : nullptr;
    double* out = wide.as<double>();
    for (std::int64_t i = 0; i < rows.rows(); ++i)
      for (const std::vector<double>& e : edges) {
        const double x = *in++;
        *out++ = x;
        for (std::size_t t = 1; t < e.size(); ++t) *out++ = std::isnan(x) ? x : share(x, e[t - 1], e[t]);
      }
    rows.set_x(std::move(wide));
    rows.columns = std::move(columns);
  }
  Value learnt() const {
    Value all = Value::array();
    for (const std::vector<double>& e : edges) all.push_back(numbers_to_value(e));
    return all;
  }
  void restore(const Value& v, const std::string& where) {
    if (!v.is_array()) throw Error(Trouble::data, where, v.describe(), "a list with the edges of each column");
    edges.clear();
    for (const Value& column : v.array_items()) edges.push_back(numbers_of_value(column, where));
  }

 private:
  static double share(double x, double low, double high) { return std::clamp((x - low) / (high - low), 0.0, 1.0); }
  /// A bin ends where it has its share of the rows that are left. A value that many rows have therefore takes one bin, and the
  /// others lie among the rarer values.
  std::vector<double> edges_of(std::vector<double> known) const {
    constexpr double narrowest = 1e-6;
    std::erase_if(known, [](double x) { return std::isinf(x); });
    std::sort(known.begin(), known.end());
    if (known.empty() ||
        std::all_of(known.begin(), known.end(), [&](double x) { return x == known.front() || x == known.back(); }))
      return {};
    const double least = narrowest * (known.back() - known.front());
    std::vector<double> all{known.front()};
    for (std::size_t first = 0; first < known.size() && all.size() < static_cast<std::size_t>(bins);) {
      const std::size_t wanted = (known.size() - first) / (static_cast<std::size_t>(bins) + 1 - all.size());
      std::size_t end = std::min(first + std::max<std::size_t>(wanted, 1), known.size());
      while (end < known.size() && known[end] - std::max(known[end - 1], all.back()) <= least)
        ++end;  // equal values stay together
      if (end < known.size()) all.push_back(known[end]);
      first = end;
    }
    if (known.back() - all.back() > least) all.push_back(known.back());
    return all;
  }
};

}  // namespace tend
