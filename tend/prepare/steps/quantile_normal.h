#pragma once
#include <algorithm>
#include <cmath>

#include "tend/prepare/statistics.h"
#include "tend/prepare/step.h"

namespace tend {

/// x = Phi^-1(p), p the share of the training rows below x, by column of a table: each column becomes about normal, whatever its
/// distribution was. p is interpolated linearly between m quantiles, m = rows / 30, at least 10 and at most `quantiles`; for a
/// value that several quantiles have it is their mean. p is kept in [1e-7, 1 - 1e-7]: |x| <= 5.2. Columns of at most two values
/// and categories that wait for a later step do not change; NaN gives NaN. As scikit-learn's QuantileTransformer, which Gorishniy
/// et al., 2021 ("Revisiting deep learning models for tabular data"), sec. 4.3, use; 1000 quantiles and rows / 30 are theirs.
struct QuantileNormal {
  static constexpr std::string_view about = "Gives each column of numbers a normal distribution, by its quantiles.";
  int quantiles = 1000;
  static constexpr bool scales = true, bounds = true;
  static constexpr auto fields = std::tuple{field_of<QuantileNormal>(
      "quantiles", &QuantileNormal::quantiles, at_least(10), "quantiles", "The largest number of quantiles of a column.")};
  static constexpr std::string_view value_field = "quantiles";
  std::vector<std::vector<double>> learned;  ///< quantiles by column; empty: the column does not change

  void fit(const Frame& train) {
    if (!train.is_table())
      throw Error(Trouble::usage, "prepare.quantile_normal", "rows of the shape " + train.row_shape().text(),
                  "the rows of a table", "use \"standardize\"");
    learned.clear();
    for (std::int64_t c = 0; c < train.channels(); ++c)
      learned.push_back(train.waits(c) ? std::vector<double>{} : quantiles_of(known_values(train, c)));
  }
  void apply(Frame& rows) const {
    if (!rows.is_table()) return;
    if (rows.channels() != static_cast<std::int64_t>(learned.size()))
      throw Error(Trouble::data, "prepare.quantile_normal", std::to_string(rows.channels()) + " columns",
                  std::to_string(learned.size()) + ", as it was fitted to");
    if (rows.rows() == 0) return;
    double* x = rows.table();
    for (std::int64_t i = 0; i < rows.rows(); ++i)
      for (const std::vector<double>& of : learned) {
        if (!of.empty() && !std::isnan(*x)) *x = normal_quantile(std::clamp(share(of, *x), least, 1 - least));
        ++x;
      }
  }
  Value learnt() const {
    Value all = Value::array();
    for (const std::vector<double>& of : learned) all.push_back(numbers_to_value(of));
    return all;
  }
  void restore(const Value& v, const std::string& where) {
    if (!v.is_array()) throw Error(Trouble::data, where, v.describe(), "a list with the quantiles of each column");
    learned.clear();
    for (const Value& column : v.array_items()) learned.push_back(numbers_of_value(column, where));
  }

 private:
  static constexpr double least = 1e-7;

  std::vector<double> quantiles_of(std::vector<double> known) const {
    std::erase_if(known, [](double x) { return std::isinf(x); });
    std::sort(known.begin(), known.end());
    if (known.empty() ||
        std::all_of(known.begin(), known.end(), [&](double x) { return x == known.front() || x == known.back(); }))
      return {};
    const int count = std::clamp(static_cast<int>(known.size() / 30), 10, quantiles);
    std::vector<double> all;
    for (int k = 0; k < count; ++k) {
      const double place = static_cast<double>(k) / (count - 1) * static_cast<double>(known.size() - 1);
      const auto below = static_cast<std::size_t>(place);
      const double low = known[below], high = known[std::min(below + 1, known.size() - 1)];
      all.push_back(low == high ? low : low + (place - static_cast<double>(below)) * (high - low));
    }
    return all;
  }
  static double share(const std::vector<double>& of, double x) {
    const auto first = std::lower_bound(of.begin(), of.end(), x), end = std::upper_bound(first, of.end(), x);
    const double last = static_cast<double>(of.size()) - 1, place = static_cast<double>(first - of.begin());
    if (first != end) return (place + static_cast<double>(end - of.begin()) - 1) / 2 / last;
    if (first == of.begin() || first == of.end()) return first == of.begin() ? 0 : 1;
    return (place - 1 + (x - first[-1]) / (*first - first[-1])) / last;
  }
  /// The quantile function of the standard normal distribution: Newton's steps on log Phi from the nearer tail, where Phi is
  /// log-concave, so that they converge from 0.
  static double normal_quantile(double p) {
    const double tail = std::min(p, 1 - p);
    double z = 0;  // Phi(z) = tail, z <= 0
    for (int i = 0; i < 20; ++i) {
      const double phi = 0.5 * std::erfc(-z * 0.70710678118654752440), density = 0.39894228040143267794 * std::exp(-z * z / 2);
      const double step = phi / density * std::log(phi / tail);
      z -= step;
      if (std::abs(step) < 1e-12) break;
    }
    return p < 0.5 ? z : -z;
  }
};

}  // namespace tend
