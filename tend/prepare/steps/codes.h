#pragma once
#include "tend/prepare/step.h"

namespace tend {

/// Puts the codes of categories before all numbers, for layers that look them up (column_embedding): 0 if the value is missing or
/// unknown, otherwise 1 plus its place among the column's levels. The order within both kinds stays. Steps before this one leave
/// categories as they are; steps after it would take the codes for numbers. Code 0 for unknown values: Holzmueller et al., 2024
/// ("Better by default"), sec. 3.
struct Codes {
  static constexpr std::string_view about = "Puts the codes of categories before all numbers, for layers that look them up.";
  static constexpr auto fields = std::tuple<>{};
  static constexpr bool takes_categories = true;

  void fit(const Frame&) {}
  void apply(Frame& rows) const {
    if (!rows.is_table()) return;
    std::vector<std::size_t> order;
    for (const bool is_category : {true, false})
      for (std::size_t c = 0; c < rows.columns.size(); ++c)
        if (rows.columns[c].is_category() == is_category) order.push_back(c);
    Array x(rows.x().shape(), ElementType::float64);
    const double* in = rows.rows() ? rows.table() : nullptr;
    double* out = x.as<double>();
    for (std::int64_t i = 0; i < rows.rows(); ++i, in += order.size())
      for (const std::size_t c : order) {
        const Column& column = rows.columns[c];
        const bool is_known = in[c] >= 0 && in[c] < static_cast<double>(column.levels.size());
        *out++ = !column.is_category() ? in[c] : is_known ? in[c] + 1 : 0;
      }
    std::vector<Column> columns;
    for (const std::size_t c : order) columns.push_back({.name = rows.columns[c].name, .levels = {}});
    rows.set_x(std::move(x));
    rows.columns = std::move(columns);
  }
};

}  // namespace tend
