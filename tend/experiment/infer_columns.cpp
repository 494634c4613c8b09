#include "tend/experiment/infer_columns.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <unordered_set>

#include "tend/base/text.h"
#include "tend/experiment/defaults.h"
#include "tend/prepare/row_keys.h"
#include "tend/prepare/value_groups.h"

namespace tend {

namespace {

using Values = std::vector<double>;

Values column_of(const Array& table, std::size_t c) {
  const auto width = static_cast<std::size_t>(table.row_size());
  Values values(static_cast<std::size_t>(table.rows()));
  for (std::size_t r = 0; r < values.size(); ++r) values[r] = table.as<double>()[r * width + c];
  return values;
}

/// Whole numbers that rise from row to row with few gaps, or are 1 .. n in some order: they number the rows, and measure nothing.
bool counts_rows(const Values& values) {
  if (values.size() < defaults.data.fewest_rows_of_identifiers ||
      !std::all_of(values.begin(), values.end(), [](double v) { return v == std::floor(v) && std::isfinite(v); }))
    return false;
  Values sorted = values;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) return false;
  const double span = sorted.back() - sorted.front() + 1, n = static_cast<double>(values.size());
  return span == n || (sorted == values && span < defaults.data.widest_identifiers * n);
}

/// Whole numbers, all different, in a column named id, user_id, rowid, index ...
bool is_called_identifier(const std::string& name, const Values& values) {
  const std::string lower = lower_case(name);
  constexpr const auto& names = defaults.data.identifier_names;
  constexpr const auto& endings = defaults.data.identifier_endings;
  const bool is_called = std::find(names.begin(), names.end(), lower) != names.end() ||
                         lower.ends_with(defaults.data.identifier_suffix) ||
                         std::any_of(endings.begin(), endings.end(),
                                     [&](std::string_view ending) { return name.ends_with(ending); });
  if (!is_called || values.size() < defaults.data.fewest_rows_of_identifiers) return false;
  Values sorted = values;
  std::sort(sorted.begin(), sorted.end());
  return std::all_of(values.begin(), values.end(), [](double v) { return v == std::floor(v); }) &&
         std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
}

bool is_constant(const Values& values) {
  std::optional<double> first;
  for (const double v : values) {
    if (std::isnan(v)) continue;
    if (first && v != *first) return false;
    first = v;
  }
  return true;
}

/// True if each value of the column stands for one class, and each class for one value.
bool repeats_class(const Values& values, const Values& y) {
  std::map<double, double> there, back;
  for (std::size_t r = 0; r < values.size(); ++r) {
    if (std::isnan(values[r])) return false;
    if (there.emplace(values[r], y[r]).first->second != y[r] || back.emplace(y[r], values[r]).first->second != values[r])
      return false;
  }
  return there.size() > 1;
}

/// True if all rows lie on one straight line (x, y) that is not level: the column is the target in other units.
bool repeats_number(const Values& x, const Values& y) {
  const auto low = std::min_element(x.begin(), x.end()), high = std::max_element(x.begin(), x.end());
  if (x.size() < 3 || std::any_of(x.begin(), x.end(), [](double v) { return !std::isfinite(v); }) || *low == *high) return false;
  const double y_low = y[static_cast<std::size_t>(low - x.begin())], y_high = y[static_cast<std::size_t>(high - x.begin())];
  const double slope = (y_high - y_low) / (*high - *low), near = defaults.data.same_line * (std::abs(y_high) + std::abs(y_low));
  if (slope == 0) return false;
  for (std::size_t r = 0; r < x.size(); ++r)
    if (std::abs(y_low + slope * (x[r] - *low) - y[r]) > near) return false;
  return true;
}

bool looks_like_date(const std::string& text) {
  if (text.size() < 8 || text.size() > 32) return false;
  const auto digits = std::count_if(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); });
  const auto strokes = std::count_if(text.begin(), text.end(), [](char c) { return c == '-' || c == '/' || c == '.'; });
  return digits >= 6 && strokes >= 2 && text.find(',') == text.npos;
}

/// The reason why a column of words cannot be used, or "".
std::string trouble_of_words(const Column& column, std::size_t rows) {
  const std::size_t levels = column.levels.size();
  const bool is_repeated = defaults.data.rows_per_word * levels <= rows;
  if (levels <= defaults.data.always_used_words || (is_repeated && levels <= defaults.data.most_words)) return "";
  const std::string texts = std::to_string(levels) + " different texts in " + std::to_string(rows) + " rows: ";
  if (!column.hint.empty()) return texts + column.hint;
  if (std::all_of(column.levels.begin(), column.levels.end(), looks_like_date))
    return texts + "dates in a form that is not known";
  return texts + (!is_repeated ? "an identifier or free text" : "too many for 0/1 columns");
}

}  // namespace

std::vector<UselessColumn> useless_columns(const Dataset& data) {
  std::vector<UselessColumn> found;
  const bool has_one_target = !data.y.empty() && data.y.row_size() == 1;
  const Values y = has_one_target ? column_of(data.y, 0) : Values();
  for (std::size_t c = 0; c < data.columns.size(); ++c) {
    const Column& column = data.columns[c];
    const Values values = column_of(data.x, c);
    const std::string words = trouble_of_words(column, values.size());
    if (is_constant(values)) found.push_back({.name = column.name, .reason = "every row has the same value"});
    else if (!words.empty()) found.push_back({.name = column.name, .reason = words});
    else if (!column.is_category() && !column.date && counts_rows(values))
      found.push_back(
          {.name = column.name,
           .reason = "it counts the rows: an identifier" + (column.hint.empty() ? "" : "; but its cells " + column.hint),
           .counts_rows = true});
    else if (!column.is_category() && !column.date && is_called_identifier(column.name, values))
      found.push_back({.name = column.name, .reason = "another whole number in each row, and called so: an identifier"});
    else if (has_one_target && data.task == Task::classification && repeats_class(values, y))
      found.push_back({.name = column.name, .reason = "it repeats the target, value for value", .repeats_target = true});
    else if (has_one_target && data.task == Task::regression && !column.is_category() && repeats_number(values, y))
      found.push_back({.name = column.name, .reason = "it repeats the target, on a straight line", .repeats_target = true});
  }
  return found;
}

std::string usual_target(const std::vector<std::string>& names) {
  for (const std::string_view usual : defaults.data.target_names)
    for (const std::string& name : names)
      if (lower_case(name) == usual) return name;
  return "";
}

std::pair<std::int64_t, std::int64_t> widths_of(const Dataset& data, const std::vector<std::string>& ignored) {
  std::int64_t numbers = 0, levels = 0;
  for (const Column& column : data.columns) {
    if (std::find(ignored.begin(), ignored.end(), column.name) != ignored.end()) continue;
    numbers += !column.is_category();
    levels += static_cast<std::int64_t>(column.levels.size());
  }
  return {numbers, levels};
}

int bins_for(std::int64_t rows, std::int64_t numbers) {
  constexpr const Defaults::Packs& packs = defaults.packs;
  if (numbers == 0) return 0;
  int bins = rows < packs.many_rows ? defaults.prepare.bins : defaults.prepare.bins_of_many_rows;
  while (bins > 0 && (numbers * (bins + 1) > packs.most_columns || rows * numbers * (bins + 1) > packs.most_cells))
    bins = bins > defaults.prepare.fewest_bins ? bins / 2 : 0;
  return bins;
}

namespace {

/// The mean over all pairs of values: the share of pairs that differ, or the squared difference.
double difference_of_two(Values y, bool has_classes) {
  const auto n = static_cast<double>(y.size());
  double equal = 0, mean = 0, squares = 0;
  std::sort(y.begin(), y.end());
  for (std::size_t first = 0, end = 0; has_classes && first < y.size(); first = end) {
    while (end < y.size() && y[end] == y[first]) ++end;
    equal += static_cast<double>(end - first) * static_cast<double>(end - first - 1);
  }
  if (has_classes) return 1 - equal / (n * (n - 1));
  for (const double v : y) mean += v / n;
  for (const double v : y) squares += (v - mean) * (v - mean);
  return 2 * squares / (n - 1);
}

}  // namespace

bool may_hold_codes(const Dataset& data, const std::vector<std::string>& ignored) {
  const std::size_t width = data.columns.size();
  for (std::size_t c = 0; c < width; ++c) {
    const Column& column = data.columns[c];
    if (column.is_category() || column.date || std::find(ignored.begin(), ignored.end(), column.name) != ignored.end()) continue;
    std::unordered_set<double> values;
    const double* x = data.x.as<double>() + c;
    std::int64_t row = 0, rows = 0;
    for (; row < data.rows(); ++row, x += width) {
      if (std::isnan(*x)) continue;
      if (*x != std::floor(*x)) break;
      values.insert(*x), ++rows;
    }
    if (row == data.rows() && values.size() >= fewest_names && rows >= rows_of_a_name * std::ssize(values)) return true;
  }
  return false;
}

bool repeats_rows(const Dataset& data, const std::vector<std::string>& ignored) {
  constexpr const Defaults::EqualRows& usual = defaults.equal_rows;
  if (data.y.empty() || data.y.row_size() != 1 || data.x.shape().rank() != 2 || data.rows() > usual.most_rows ||
      std::ssize(data.classes) > usual.most_classes)
    return false;
  std::vector<bool> uses;
  for (const Column& column : data.columns)
    uses.push_back(std::find(ignored.begin(), ignored.end(), column.name) == ignored.end());
  const std::vector<std::int64_t> keys = row_keys(data.x.as<double>(), data.rows(), data.x.row_size(), uses);
  std::vector<std::pair<std::int64_t, double>> rows;
  for (std::size_t r = 0; r < keys.size(); ++r) rows.emplace_back(keys[r], data.y.as<double>()[r]);
  std::sort(rows.begin(), rows.end());
  const bool has_classes = data.task == Task::classification;
  Values repeated;
  double within = 0;
  for (std::size_t first = 0, end = 0; first < rows.size(); first = end) {
    Values group;
    for (; end < rows.size() && rows[end].first == rows[first].first; ++end) group.push_back(rows[end].second);
    if (group.size() < 2) continue;
    repeated.insert(repeated.end(), group.begin(), group.end());
    within += static_cast<double>(group.size()) * difference_of_two(group, has_classes);
  }
  const auto n = static_cast<double>(repeated.size());
  if (n < 2 || n < usual.share * static_cast<double>(data.rows())) return false;
  const double chance = difference_of_two(repeated, has_classes);
  return chance > 0 && within / n <= (1 - usual.agreement) * chance;
}

}  // namespace tend
