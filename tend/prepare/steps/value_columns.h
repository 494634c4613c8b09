#pragma once
#include <algorithm>
#include <cmath>
#include <map>

#include "tend/base/text.h"
#include "tend/prepare/statistics.h"
#include "tend/prepare/step.h"
#include "tend/prepare/value_groups.h"

namespace tend {

/// Adds a category for each number column whose values are names: whole numbers, such as codes and identifiers, of which
/// neighbours have nothing in common. A later one_hot or column_embedding turns it into columns. Such a column is found by the
/// targets of the training rows (prepare/value_groups.h); the added categories have at most `values` values, those of the columns
/// that gain most first. The numbers stay. NaN, and values that no training row repeats, are "other" in the category.
struct ValueColumns {
  static constexpr std::string_view about =
      "Adds a category for each column of whole numbers whose values are names, such as codes; needs a later step for categories.";
  std::int64_t most = 400;
  static constexpr bool adds_columns = true;
  static constexpr auto fields = std::tuple{field_of<ValueColumns>("values", &ValueColumns::most, at_least(1), "values",
                                                                   "The largest number of values of all added categories.")};
  static constexpr std::string_view value_field = "values";
  std::map<std::int64_t, std::vector<double>> values;  ///< by column, in rising order

  void fit(const Frame& train) {
    if (!train.is_table())
      throw Error(Trouble::usage, "prepare.value_columns", "rows of the shape " + train.row_shape().text(), "the rows of a table",
                  "leave the step out");
    if (!train.categories_wait)
      throw Error(Trouble::usage, "prepare.value_columns", "no later step that takes categories", "one_hot after it");
    values.clear();
    std::vector<std::pair<double, std::int64_t>> gains;
    for (std::int64_t c = 0; c < train.channels(); ++c)
      if (!train.waits(c))
        if (const double gain = gain_of_names(train, c); gain > 0) gains.emplace_back(-gain, c);
    std::sort(gains.begin(), gains.end());
    std::int64_t left = most;
    for (const auto& [gain, c] : gains) {
      std::vector<double> repeated = repeated_values(train, c);
      if (std::ssize(repeated) > left) continue;
      left -= std::ssize(repeated);
      values[c] = std::move(repeated);
    }
  }
  void apply(Frame& rows) const {
    if (!rows.is_table() || values.empty()) return;
    if (values.rbegin()->first >= rows.channels())
      throw Error(Trouble::data, "prepare.value_columns", std::to_string(rows.channels()) + " columns",
                  "those that it was fitted to");
    std::vector<Column> added;
    for (const auto& [c, names] : values) {
      added.push_back({.name = "value of " + rows.columns[static_cast<std::size_t>(c)].name, .levels = {}});
      for (const double v : names) added.back().levels.push_back(number_text(v));
      added.back().levels.push_back("other");
    }
    std::vector<double> codes;
    const double* in = rows.rows() ? std::as_const(rows).table() : nullptr;
    for (std::int64_t i = 0; i < rows.rows(); ++i, in += rows.channels())
      for (const auto& [c, names] : values) {
        const auto name = std::lower_bound(names.begin(), names.end(), in[c]);
        const bool is_known = name != names.end() && *name == in[c];
        codes.push_back(static_cast<double>(is_known ? name - names.begin() : std::ssize(names)));
      }
    rows.append(added, codes);
  }
  void note(Work& work) const {
    if (!work.notes || values.empty()) return;
    std::vector<std::string> names;
    for (const auto& [c, of] : values)
      names.push_back(work.train.columns[static_cast<std::size_t>(c)].name + " (" + counted(std::ssize(of), "value") + ")");
    work.notes->push_back(
        {.text = "value_columns: neighbouring numbers have nothing in common, so they also count as names, in: " +
                 listed(names, ", ", 5)});
  }
  Value learnt() const {
    Value all = Value::array();
    for (const auto& [column, of] : values) all.push_back(Value(Value::Array{column, numbers_to_value(of)}));
    return all;
  }
  void restore(const Value& v, const std::string& where) {
    const auto refuse = [&] { throw Error(Trouble::data, where, v.describe(), "a list of columns and their values"); };
    if (!v.is_array()) refuse();
    values.clear();
    for (const Value& one : v.array_items()) {
      if (!one.is_array() || one.array_items().size() != 2 || !one.array_items()[0].is_integer() ||
          one.array_items()[0].integer() < 0)
        refuse();
      values[one.array_items()[0].integer()] = numbers_of_value(one.array_items()[1], where);
    }
  }
};

}  // namespace tend
