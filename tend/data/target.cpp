#include "tend/data/target.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "tend/base/text.h"

namespace tend {
namespace {

/// The distinct numbers in ascending order if there are few of them, as of classes; otherwise none. A copy of all would be
/// sorted.
std::vector<double> few_distinct_values(const double* v, std::int64_t n) {
  constexpr std::size_t few = 32;
  std::vector<double> all;
  bool has_nan = false;
  double last = std::nan("");
  for (std::int64_t i = 0; i < n; ++i) {
    if (v[i] == last) continue;
    has_nan |= std::isnan(v[i]);
    if (std::isnan(v[i]) || std::find(all.begin(), all.end(), v[i]) != all.end()) continue;
    if (all.size() == few) return {};
    all.push_back(last = v[i]);
  }
  std::sort(all.begin(), all.end());
  if (has_nan) all.push_back(std::nan(""));
  return all;
}

std::vector<double> distinct_values(const Array& values) {
  const double* v = values.as<double>();
  if (std::vector<double> few = few_distinct_values(v, values.shape().count()); !few.empty()) return few;
  std::vector<double> all(v, v + values.shape().count());
  const auto nan = std::partition(all.begin(), all.end(), [](double x) { return !std::isnan(x); });
  const bool has_nan = nan != all.end();
  all.erase(nan, all.end());
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  if (has_nan) all.push_back(std::nan(""));
  return all;
}

std::string listed_numbers(const std::vector<double>& values) {
  std::vector<std::string> names;
  for (const double v : values) names.push_back(number_text(v));
  return listed(names, ", ", 20);
}

Task task_of(const std::string& name) {
  return name == "classification" ? Task::classification : name == "regression" ? Task::regression : Task::multilabel;
}

Task inferred_task(const std::vector<double>& distinct, std::int64_t width, bool is_text) {
  if (width > 1)
    return std::all_of(distinct.begin(), distinct.end(), [](double v) { return v == 0 || v == 1; }) ? Task::multilabel
                                                                                                    : Task::regression;
  const bool is_whole = std::all_of(distinct.begin(), distinct.end(), [](double v) { return v == std::nearbyint(v); });
  return is_text || (is_whole && distinct.size() <= 20) ? Task::classification : Task::regression;
}

void take_classes(Dataset& data, const std::vector<double>& distinct, const std::vector<std::string>& levels) {
  data.classes = levels;
  data.class_values.clear();
  if (!levels.empty()) return;
  for (const double v : distinct)
    if (!std::isnan(v)) data.class_values.push_back(v == 0 ? 0.0 : v);  // no minus zero
  for (const double v : data.class_values) data.classes.push_back(number_text(v));
}

/// Returns the first row that has not exactly one 1 and otherwise 0; -1 if there is none. Requires at least two columns.
std::int64_t first_not_one_hot(const Array& values) {
  const std::int64_t width = values.shape()[1];
  for (std::int64_t i = 0; i < values.rows(); ++i) {
    const double* row = values.as<double>() + i * width;
    if (std::count(row, row + width, 0.0) != width - 1 || std::count(row, row + width, 1.0) != 1) return i;
  }
  return -1;
}

/// One-hot columns are classes: returns the place of the 1 in each row.
Array places_of_ones(const Array& values) {
  const std::int64_t width = values.shape()[1];
  Array codes({values.rows(), 1}, ElementType::float64);
  for (std::int64_t i = 0; i < values.rows(); ++i) {
    const double* row = values.as<double>() + i * width;
    codes.as<double>()[i] = static_cast<double>(std::find(row, row + width, 1.0) - row);
  }
  return codes;
}

/// Sets classes and codes if the targets are the columns of a one-hot coding; returns false if they are not.
bool take_one_hot(Dataset& data, const Array& values, const DataSettings& settings, const Dataset* like,
                  const std::string& where) {
  const std::int64_t width = values.shape()[1];
  const bool may_be = like ? like->task == Task::classification && static_cast<std::int64_t>(like->classes.size()) == width
                           : settings.task == "classification" || (settings.task.empty() && settings.one_hot_is_classes);
  if (width < 2 || !may_be || first_not_one_hot(values) >= 0) return false;
  data.task = Task::classification;
  data.y = places_of_ones(values);
  if (like) {
    data.classes = like->classes;
    data.class_values = like->class_values;
    return true;
  }
  const bool has_names = data.target_names.size() == static_cast<std::size_t>(width) && data.target_names[0] != "target_0";
  for (std::int64_t k = 0; k < width; ++k) {
    data.classes.push_back(has_names ? data.target_names[static_cast<std::size_t>(k)] : std::to_string(k));
    if (!has_names) data.class_values.push_back(static_cast<double>(k));
  }
  if (!has_names) data.target_names = {"target"};
  data.notes.push_back({.text = where + ": the " + std::to_string(width) +
                                " target columns have exactly one 1 in each row and are read as " + std::to_string(width) +
                                " classes; data.task = \"multilabel\" reads separate labels"});
  return true;
}

/// A target with one value teaches nothing.
void refuse_one_value(const Dataset& data, const std::vector<double>& distinct, const std::string& where) {
  const bool is_one = data.task == Task::classification ? data.classes.size() == 1
                                                        : data.task == Task::regression && distinct.size() == 1;
  if (!is_one || data.y.rows() < 2) return;
  const std::string name = data.target_names.empty() ? "target" : data.target_names[0];
  const std::string value = data.task == Task::classification ? data.classes[0] : number_text(distinct[0]);
  throw Error(Trouble::data, where,
              "the target \"" + name + "\" has the value \"" + value + "\" in all " + counted(data.y.rows(), "row"),
              "at least two values to tell apart", "is data.target the right column?");
}

}  // namespace

std::string number_text(double v) {
  char text[40];
  const bool is_whole = v == std::nearbyint(v) && std::abs(v) < 1e15;
  const auto end = is_whole ? std::to_chars(text, text + sizeof text, static_cast<std::int64_t>(v))
                            : std::to_chars(text, text + sizeof text, v);
  return std::string(text, end.ptr);
}

void set_targets(Dataset& data, const Array& values, const std::vector<std::string>& levels, const DataSettings& settings,
                 const Dataset* like, bool target_may_be_absent, const std::string& where) {
  if (take_one_hot(data, values, settings, like, where)) return;
  const std::vector<double> distinct = distinct_values(values);
  const std::int64_t width = values.shape()[1];
  data.task = like                     ? like->task
              : !settings.task.empty() ? task_of(settings.task)
                                       : inferred_task(distinct, width, !levels.empty());
  if (data.task == Task::classification && width > 1)
    throw Error(Trouble::usage, "data.task", "classification with " + std::to_string(width) + " target columns in " + where,
                "one target column, or columns with exactly one 1 and otherwise 0 in each row, unlike row " +
                    std::to_string(first_not_one_hot(values)),
                "task = \"multilabel\" or \"regression\"");
  if (data.task == Task::regression && !levels.empty())
    throw Error(Trouble::usage, "data.task",
                "regression with a target in " + where + " that is text (" + listed(levels, ", ", 20) + ")",
                "a target of numbers", "task = \"classification\", or types = {COLUMN = \"number\"}");
  data.y = values;
  if (data.task == Task::regression && !like) refuse_one_value(data, distinct, where);
  if (data.task != Task::classification) return;
  if (like) {
    data.classes = like->classes;
    data.class_values = like->class_values;
  } else {
    take_classes(data, distinct, levels);
    refuse_one_value(data, distinct, where);
  }
  if (data.classes.empty()) throw Error(Trouble::data, where, "no target that is known", "at least one class");
  const bool is_text = data.class_values.empty();
  if (is_text != !levels.empty())
    throw Error(
        Trouble::data, where,
        is_text ? "classes that are numbers: " + listed_numbers(distinct) : "classes that are text: " + listed(levels, ", ", 20),
        "those of the source: " + listed(data.classes, ", ", 20));
  double* codes = data.y.as<double>();
  for (std::int64_t i = 0, n = data.y.rows(); i < n; ++i) {
    if (std::isnan(codes[i])) {
      if (target_may_be_absent) continue;
      throw Error(Trouble::data, where, "no target in row " + std::to_string(i), "a class for every row");
    }
    if (is_text) continue;
    const auto place = std::lower_bound(data.class_values.begin(), data.class_values.end(), codes[i]);
    if (place != data.class_values.end() && *place == codes[i]) codes[i] = static_cast<double>(place - data.class_values.begin());
    else if (target_may_be_absent) codes[i] = std::nan("");
    else
      throw Error(Trouble::data, where, "the class " + number_text(codes[i]),
                  "a class of the source: " + listed(data.classes, ", ", 20));
  }
}

}  // namespace tend
