#pragma once
#include <algorithm>
#include <cmath>
#include <map>

#include "tend/prepare/statistics.h"
#include "tend/prepare/step.h"

namespace tend {

/// Missing numbers become the median of the training rows, missing categories their most frequent level (the first in order among
/// equals); by channel for images. A column without known values is filled with 0.
struct Impute {
  static constexpr std::string_view about =
      "Fills missing numbers with the median and missing categories with the most frequent value of the training rows.";
  static constexpr auto fields = std::tuple<>{};
  std::vector<double> fill;

  void fit(const Frame& train) {
    fill.clear();
    if (train.holds_bytes()) return;
    for (std::int64_t c = 0; c < train.channels(); ++c) {
      std::vector<double> values = known_values(train, c);
      const bool is_category = train.is_table() && train.columns[static_cast<std::size_t>(c)].is_category();
      fill.push_back(is_category ? most_frequent(values) : median(values));
    }
  }
  void apply(Frame& rows) const {
    if (rows.holds_bytes() || fill.empty()) return;
    if (rows.channels() != static_cast<std::int64_t>(fill.size()))
      throw Error(Trouble::data, "prepare.impute", std::to_string(rows.channels()) + " columns",
                  std::to_string(fill.size()) + ", as it was fitted to");
    const auto fill_in = [&](auto* x) {
      for (std::int64_t i = 0, n = rows.x().shape().count(); i < n;)
        for (const double v : fill) {
          if (std::isnan(x[i])) x[i] = static_cast<std::remove_reference_t<decltype(*x)>>(v);
          ++i;
        }
    };
    if (rows.is_table()) fill_in(rows.table());
    else fill_in(rows.floats());
  }
  /// Notes how many values were filled in the training rows.
  void note(Work& work) const {
    if (!work.notes || work.train.holds_bytes() || !work.train.is_table()) return;
    const std::int64_t n = work.train.channels();
    std::int64_t filled = 0;
    std::string names;
    for (std::int64_t c = 0; c < n; ++c) {
      std::int64_t missing = 0;
      for (std::int64_t i = 0; i < work.train.rows(); ++i) missing += std::isnan(work.train.table()[i * n + c]);
      filled += missing;
      if (missing && names.size() < 200)
        names += (names.empty() ? "" : ", ") + work.train.columns[static_cast<std::size_t>(c)].name;
    }
    if (filled)
      work.notes->push_back(
          {.text = "impute filled " + std::to_string(filled) + " missing values of the training rows, in: " + names});
  }
  Value learnt() const { return numbers_to_value(fill); }
  void restore(const Value& v, const std::string& where) { fill = numbers_of_value(v, where); }

 private:
  static double median(std::vector<double>& v) {
    const auto middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
    std::nth_element(v.begin(), middle, v.end());
    return v.size() % 2 ? *middle : (*std::max_element(v.begin(), middle) + *middle) / 2;
  }
  static double most_frequent(const std::vector<double>& v) {
    std::map<double, std::int64_t> counts;
    for (const double x : v) ++counts[x];
    return std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; })
        ->first;
  }
};

}  // namespace tend
