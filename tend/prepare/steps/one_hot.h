#pragma once
#include "tend/prepare/step.h"

namespace tend {

/// Replaces every category by one 0/1 column for each of its levels, at the same position. All are 0 if the value is missing or
/// unknown. Columns are named "column=level". Numbers do not change.
struct OneHot {
  static constexpr std::string_view about = "Replaces each category column by one column of 0 and 1 for each of its values.";
  static constexpr auto fields = std::tuple<>{};
  static constexpr bool takes_categories = true, adds_columns = true;

  void fit(const Frame&) {}
  void apply(Frame& rows) const {
    if (!rows.is_table()) return;
    std::vector<Column> columns;
    for (const Column& c : rows.columns) {
      if (!c.is_category()) columns.push_back(c);
      for (const std::string& level : c.levels) columns.push_back({c.name + "=" + level, {}});
    }
    const auto width = static_cast<std::int64_t>(columns.size());
    Array wide({rows.rows(), width}, ElementType::float64);
    const double* in = rows.rows() ? rows.table() : nullptr;
    double* out = wide.as<double>();
    for (std::int64_t i = 0; i < rows.rows(); ++i)
      for (const Column& c : rows.columns) {
        const double v = *in++;
        if (!c.is_category()) *out++ = v;
        for (std::size_t k = 0; k < c.levels.size(); ++k) *out++ = v == static_cast<double>(k);
      }
    rows.set_x(std::move(wide));
    rows.columns = std::move(columns);
  }
};

}  // namespace tend
