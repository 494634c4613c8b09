#pragma once
#include <algorithm>
#include <cmath>
#include <numeric>

#include "tend/base/random.h"
#include "tend/prepare/row_keys.h"
#include "tend/prepare/step.h"

namespace tend {

/// Adds to the columns of a table one that says whether any training row has the same inputs (1 or 0), and the mean of the
/// targets of these n rows, as (sum of (y - m) / s) / (n + prior): for numbers m and s are the mean and the standard deviation of
/// the training targets, for classes y is 0 or 1 for each class (of two classes: for the second one), m its share and s = 1.
/// Networks are smooth: rows that occur again and again with one target, which trees can store, are hard for them.
///
/// A training row sees only the rows before it in a random order, never itself: its own target would be the answer, and the mean
/// of all others tells its own target where the whole mean is known. Prokhorenkova et al., 2018 ("CatBoost: unbiased boosting
/// with categorical features"), sec. 3.2, with the whole row as the category. All other rows see all training rows; training rows
/// that are given again count as such.
struct EqualRows {
  static constexpr std::string_view about =
      "Adds columns that say whether training rows have the same inputs, and the mean of their targets.";
  double prior = 0.3;
  static constexpr bool adds_columns = true;
  static constexpr auto fields = std::tuple{
      field_of<EqualRows>("prior", &EqualRows::prior, at_least(0.0), "rows",
                          "So many rows with the mean target count beside the rows with the same inputs.")};
  static constexpr std::string_view value_field = "prior";
  /// The training rows with the same inputs: sums holds coded targets, `width` for each key.
  std::int64_t width = 0;
  std::vector<std::int64_t> keys;  ///< rising
  std::vector<double> counts, sums;

  void fit(Work& work) {
    Frame& train = work.train;
    if (!train.is_table())
      throw Error(Trouble::usage, "prepare.equal_rows", "rows of the shape " + train.row_shape().text(), "the rows of a table",
                  "leave the step out");
    const auto n = static_cast<std::size_t>(train.rows());
    const std::vector<double> y = coded_targets(train.targets(), work.classes);
    width = static_cast<std::int64_t>(y.size() / n);
    const std::vector<std::int64_t> of_rows = keys_of(train);
    keys = of_rows;
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    counts.assign(keys.size(), 0);
    sums.assign(keys.size() * static_cast<std::size_t>(width), 0);
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    Random(work.seed, purpose("equal_rows")).shuffle(order.data(), n);
    std::vector<double> added(n * added_columns());
    for (const std::size_t row : order) {
      const std::size_t place = *place_of(of_rows[row]);
      write(place, &added[row * added_columns()]);
      ++counts[place];
      for (std::size_t t = 0; t < y.size() / n; ++t) sums[place * (y.size() / n) + t] += y[row * (y.size() / n) + t];
    }
    append(train, added);
  }
  void apply(Frame& rows) const {
    if (!rows.is_table()) return;
    const std::vector<std::int64_t> of_rows = keys_of(rows);
    std::vector<double> added(of_rows.size() * added_columns());
    for (std::size_t row = 0; row < of_rows.size(); ++row)
      if (const auto place = place_of(of_rows[row])) write(*place, &added[row * added_columns()]);
    append(rows, added);
  }
  EqualRows for_new_rows() const {
    EqualRows copy = *this;
    copy.keys.clear();
    return copy;
  }
  Value learnt() const {
    Value all = Value::table();
    Value list = Value::array();
    for (const std::int64_t key : keys) list.push_back(key);
    all["keys"] = std::move(list);
    all["counts"] = numbers_to_value(counts);
    all["sums"] = numbers_to_value(sums);
    return all;
  }
  void restore(const Value& v, const std::string& where) {
    const Value *k = v.find("keys"), *c = v.find("counts"), *s = v.find("sums");
    if (!k || !k->is_array() || !c || !s) throw Error(Trouble::data, where, v.describe(), "keys, counts and sums");
    keys.clear();
    for (const Value& key : k->array_items()) {
      if (!key.is_integer() || (!keys.empty() && key.integer() <= keys.back()))
        throw Error(Trouble::data, where + ".keys", key.describe(), "rising whole numbers");
      keys.push_back(key.integer());
    }
    counts = numbers_of_value(*c, where + ".counts");
    sums = numbers_of_value(*s, where + ".sums");
    if (keys.empty() || counts.size() != keys.size() || sums.empty() || sums.size() % keys.size() != 0)
      throw Error(Trouble::data, where, std::to_string(counts.size()) + " counts and " + std::to_string(sums.size()) + " sums",
                  "those of " + std::to_string(keys.size()) + " keys");
    width = static_cast<std::int64_t>(sums.size() / keys.size());
  }

 private:
  std::size_t added_columns() const { return static_cast<std::size_t>(width) + 1; }
  static std::vector<std::int64_t> keys_of(const Frame& rows) {
    return row_keys(rows.rows() > 0 ? rows.x().as<double>() : nullptr, rows.rows(), rows.channels());
  }
  std::optional<std::size_t> place_of(std::int64_t key) const {
    const auto found = std::lower_bound(keys.begin(), keys.end(), key);
    if (found == keys.end() || *found != key) return std::nullopt;
    return static_cast<std::size_t>(found - keys.begin());
  }
  void write(std::size_t place, double* out) const {
    *out++ = counts[place] > 0;
    const double rows = counts[place] + prior;
    for (std::size_t t = 0; t + 1 < added_columns(); ++t) *out++ = rows > 0 ? sums[place * (added_columns() - 1) + t] / rows : 0;
  }
  /// Row by row: how far each class, or each target, is from its mean over the rows.
  static std::vector<double> coded_targets(const Array& targets, std::int64_t classes) {
    const std::int64_t n = targets.rows(), given = targets.row_size();
    const bool is_class = classes > 0 && given == 1;
    const std::int64_t columns = !is_class ? given : classes == 2 ? 1 : classes;
    const auto* y = targets.as<double>();
    std::vector<double> all(static_cast<std::size_t>(n * columns));
    for (std::int64_t t = 0; t < columns; ++t) {
      const auto at = [&](std::int64_t r) -> double& { return all[static_cast<std::size_t>(r * columns + t)]; };
      double mean = 0, square = 0;
      for (std::int64_t r = 0; r < n; ++r) {
        at(r) = is_class ? y[r] == static_cast<double>(columns == 1 ? 1 : t) : y[r * given + t];
        mean += at(r) / static_cast<double>(n);
      }
      for (std::int64_t r = 0; r < n; ++r) square += (at(r) - mean) * (at(r) - mean) / static_cast<double>(n);
      const double spread = is_class || square <= 0 ? 1 : std::sqrt(square);
      for (std::int64_t r = 0; r < n; ++r) at(r) = (at(r) - mean) / spread;
    }
    return all;
  }
  void append(Frame& rows, const std::vector<double>& added) const {
    std::vector<Column> columns{{.name = "equal rows", .levels = {}}};
    for (std::int64_t t = 1; t <= width; ++t)
      columns.push_back({.name = "target of equal rows " + std::to_string(t), .levels = {}});
    rows.append(columns, added);
  }
};

}  // namespace tend
