#include "tend/train/infer_columns.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace tend {

namespace {

std::vector<double> column_of(const Dataset& data, std::size_t c) {
  const auto width = static_cast<std::size_t>(data.x.row_size());
  std::vector<double> values(static_cast<std::size_t>(data.rows()));
  for (std::size_t r = 0; r < values.size(); ++r) values[r] = data.x.as<double>()[r * width + c];
  return values;
}

/// Whole numbers that count up by one from row to row, in some order, without a gap: a number of the row, not a measurement.
bool counts_rows(std::vector<double> values) {
  if (values.size() < 20) return false;
  std::sort(values.begin(), values.end());
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i] != values[0] + static_cast<double>(i) || values[i] != std::floor(values[i])) return false;
  return true;
}

bool is_constant(const std::vector<double>& values) {
  std::optional<double> first;
  for (const double v : values) {
    if (std::isnan(v)) continue;
    if (first && v != *first) return false;
    first = v;
  }
  return true;
}

/// Does each value of the column stand for one value of the target, and the other way round?
bool repeats(const std::vector<double>& values, const Dataset& data) {
  if (data.y.row_size() != 1) return false;
  std::map<double, double> there, back;
  for (std::size_t r = 0; r < values.size(); ++r) {
    const double y = data.y.as<double>()[r];
    if (std::isnan(values[r])) return false;
    if (there.emplace(values[r], y).first->second != y || back.emplace(y, values[r]).first->second != values[r]) return false;
  }
  // A regression's target may well differ in every row, and so may a number: only the same number repeats it.
  return there.size() > 1 && (data.task == Task::classification ||
                              std::all_of(there.begin(), there.end(), [](const auto& pair) { return pair.first == pair.second; }));
}

}  // namespace

std::vector<UselessColumn> useless_columns(const Dataset& data) {
  std::vector<UselessColumn> found;
  for (std::size_t c = 0; c < data.columns.size(); ++c) {
    const Column& column = data.columns[c];
    const std::vector<double> values = column_of(data, c);
    if (is_constant(values))
      found.push_back({column.name, "every row has the same value"});
    else if (column.is_category() && column.levels.size() > 20 && 2 * column.levels.size() > values.size())
      found.push_back({column.name, std::to_string(column.levels.size()) + " different texts in " + std::to_string(values.size()) + " rows: an identifier or free text"});
    else if (!column.is_category() && counts_rows(values))
      found.push_back({column.name, "it counts the rows: an identifier"});
    else if (!data.y.empty() && repeats(values, data))
      found.push_back({column.name, "it repeats the target, value for value"});
  }
  return found;
}

std::string usual_target(const Dataset& data) {
  std::vector<std::string> names = data.target_names;
  for (const Column& c : data.columns) names.push_back(c.name);
  for (const char* usual : {"target", "label", "class", "y"})
    if (std::find(names.begin(), names.end(), usual) != names.end()) return usual;
  return "";
}

}  // namespace tend
