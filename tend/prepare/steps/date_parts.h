#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "tend/prepare/step.h"

namespace tend {

/// Replaces each column of dates by numbers, at the same position: days since the first training date, year, month (1 .. 12),
/// weekday (0 .. 6 from Monday) and hour of the day (0 up to 24). Numbers that are the same in all training rows are left out,
/// except the days. Columns are named "column.elapsed", "column.year" and so on. Missing dates stay missing. Other columns do not
/// change.
struct DateParts {
  static constexpr std::string_view about =
      "Replaces each column of dates by days since the first training date, year, month, weekday and hour.";
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::array parts{"elapsed", "year", "month", "weekday", "hour"};
  std::vector<double> first;  ///< of each column of dates: the first training date
  std::vector<double> kept;   ///< [columns of dates, parts]: 1 where the part varies

  void fit(const Frame& train) {
    first.clear(), kept.clear();
    if (!train.is_table()) return;
    for (std::size_t c = 0; c < train.columns.size(); ++c) {
      if (!train.columns[c].date) continue;
      std::array<double, parts.size()> low{}, high{};
      bool has_any = false;
      for (std::int64_t r = 0; r < train.rows(); ++r) {
        const double days = train.table()[static_cast<std::size_t>(r) * train.columns.size() + c];
        if (std::isnan(days)) continue;
        const auto values = parts_of(days, 0);
        for (std::size_t p = 0; p < parts.size(); ++p) {
          low[p] = has_any ? std::min(low[p], values[p]) : values[p];
          high[p] = has_any ? std::max(high[p], values[p]) : values[p];
        }
        has_any = true;
      }
      first.push_back(low[0]);
      for (std::size_t p = 0; p < parts.size(); ++p) kept.push_back(p == 0 || high[p] > low[p]);
    }
  }
  void apply(Frame& rows) const {
    if (!rows.is_table()) return;
    std::vector<Column> columns;
    std::size_t dates = 0;
    for (const Column& c : rows.columns) {
      if (!c.date) columns.push_back(c);
      else if (dates++ < first.size()) {
        for (std::size_t p = 0; p < parts.size(); ++p)
          if (keeps(dates - 1, p)) columns.push_back({.name = c.name + "." + parts[p]});
      }
    }
    if (dates != first.size() || kept.size() != first.size() * parts.size())
      throw Error(Trouble::data, "prepare.date_parts", std::to_string(dates) + " columns of dates",
                  std::to_string(first.size()) + ", as it was fitted to");
    Array wide({rows.rows(), static_cast<std::int64_t>(columns.size())}, ElementType::float64);
    const double* in = rows.rows() ? rows.table() : nullptr;
    double* out = wide.as<double>();
    for (std::int64_t r = 0; r < rows.rows(); ++r) {
      std::size_t date = 0;
      for (const Column& c : rows.columns) {
        const double v = *in++;
        if (!c.date) {
          *out++ = v;
          continue;
        }
        const auto values = parts_of(v, first[date]);
        for (std::size_t p = 0; p < parts.size(); ++p)
          if (keeps(date, p)) *out++ = values[p];
        ++date;
      }
    }
    rows.set_x(std::move(wide));
    rows.columns = std::move(columns);
  }
  Value learnt() const {
    Value v = Value::table();
    v["first"] = numbers_to_value(first);
    v["kept"] = numbers_to_value(kept);
    return v;
  }
  void restore(const Value& v, const std::string& where) {
    const Value *f = v.find("first"), *k = v.find("kept");
    if (!f || !k) throw Error(Trouble::data, where, v.describe(), "{first, kept}");
    first = numbers_of_value(*f, where + ".first");
    kept = numbers_of_value(*k, where + ".kept");
  }

 private:
  bool keeps(std::size_t date, std::size_t part) const { return kept[date * parts.size() + part] != 0; }
  static std::array<double, parts.size()> parts_of(double days, double from) {
    std::array<double, parts.size()> values;
    values.fill(std::nan(""));
    if (!std::isfinite(days)) return values;
    const CalendarDate d = calendar_date(days);
    return {days - from, static_cast<double>(d.year), static_cast<double>(d.month), static_cast<double>(d.weekday), d.hour};
  }
};

}  // namespace tend
