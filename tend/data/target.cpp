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

/// Are the values 0, 1, 2 ... or 1, 2, 3 ...?
bool are_codes(const std::vector<double>& distinct) {
  for (std::size_t i = 0; i < distinct.size(); ++i)
    if (distinct[i] != distinct[0] + static_cast<double>(i)) return false;
  return !distinct.empty() && (distinct[0] == 0 || distinct[0] == 1);
}

Task inferred_task(const std::vector<double>& distinct, const Array& values, bool is_text) {
  constexpr std::size_t most_classes = 20, few_classes = 5;
  const std::int64_t width = values.shape()[1];
  if (width > 1)
    return std::all_of(distinct.begin(), distinct.end(), [](double v) { return v == 0 || v == 1; }) ? Task::multilabel
                                                                                                    : Task::regression;
  const bool is_whole = std::all_of(distinct.begin(), distinct.end(), [](double v) { return v == std::nearbyint(v); });
  // Many different numbers, each of them rare, measure something.
  const bool are_rare = distinct.size() > few_classes && values.rows() < 2 * static_cast<std::int64_t>(distinct.size()) &&
                        !are_codes(distinct);
  return is_text || (is_whole && distinct.size() <= most_classes && !are_rare) ? Task::classification : Task::regression;
}

void take_classes(Dataset& data, const std::vector<double>& distinct, const std::vector<std::string>& levels) {
  data.classes = levels;
  data.class_values.clear();
  if (!levels.empty()) return;
  for (const double v : distinct)
    if (!std::isnan(v)) data.class_values.push_back(v == 0 ? 0.0 : v);  // no minus zero
  for (const double v : data.class_values) data.classes.push_back(number_text(v));
}

constexpr double share_that_fits = 0.97;  // of the cells fit a task; the others are then mistakes

/// Different numbers, of which only a few are kept.
struct FewNumbers {
  static constexpr std::size_t most = 20;
  std::vector<double> values;
  std::int64_t total = 0, first_row = -1;
  double first = 0;
  bool are_few = true;

  void add(double v, std::int64_t row) {
    if (total++ == 0) first = v, first_row = row;
    if (!are_few || std::find(values.begin(), values.end(), v) != values.end()) return;
    values.push_back(v);
    are_few = values.size() <= most;
  }
};

bool are_nearly_all(const FewNumbers& fitting, const FewNumbers& others) {
  constexpr std::size_t most_mistakes = 3;
  constexpr double surely_mistakes = 0.005;  // more of them are values of their own, unless they are single ones
  if (others.total > static_cast<std::int64_t>(most_mistakes) &&
      static_cast<double>(others.total) > surely_mistakes * static_cast<double>(fitting.total))
    return false;
  return others.total > 0 && fitting.are_few && fitting.values.size() >= 2 &&
         others.values.size() <= std::max(most_mistakes, fitting.values.size()) &&
         static_cast<double>(fitting.total) >= share_that_fits * static_cast<double>(fitting.total + others.total);
}

std::string name_of_target(const Dataset& data, std::int64_t column) {
  const auto k = static_cast<std::size_t>(column);
  return "\"" + (k < data.target_names.size() ? data.target_names[k] : "target_" + std::to_string(k)) + "\"";
}

/// Whole numbers with few values, and a few fractions.
void refuse_fractions_of_classes(const Dataset& data, const Array& values, const TargetSource& source) {
  FewNumbers whole, others;
  for (std::int64_t i = 0; i < values.rows() && whole.are_few; ++i)
    if (const double v = values.as<double>()[i]; !std::isnan(v)) (v == std::nearbyint(v) ? whole : others).add(v, i);
  if (!are_nearly_all(whole, others)) return;
  throw Error(Trouble::data, source.name,
              std::to_string(whole.total) + " of " + counted(whole.total + others.total, "cell") + " of the target " +
                  name_of_target(data, 0) + " are whole numbers with " + std::to_string(whole.values.size()) +
                  " values, as classes have; the first other one is " + number_text(others.first) + ", " +
                  source.place_of(data, others.first_row),
              "only classes, or numbers to learn",
              "correct the file; --set data.task=regression learns numbers, --set data.task=classification makes " +
                  std::to_string(whole.values.size() + others.values.size()) + " classes");
}

/// Columns of 0 and 1, and a few other numbers.
void refuse_numbers_of_labels(const Dataset& data, const Array& values, const TargetSource& source) {
  const std::int64_t width = values.shape()[1];
  FewNumbers labels, others;
  std::vector<std::int64_t> of_column(static_cast<std::size_t>(width));
  for (std::int64_t i = 0; i < width * values.rows(); ++i) {
    const double v = values.as<double>()[i];
    if (std::isnan(v)) continue;
    (v == 0 || v == 1 ? labels : others).add(v, i);
    of_column[static_cast<std::size_t>(i % width)] += v != 0 && v != 1;
    if (!others.are_few) return;
  }
  const bool is_whole_column = std::any_of(of_column.begin(), of_column.end(), [&](auto n) { return 2 * n > values.rows(); });
  if (!are_nearly_all(labels, others) || is_whole_column) return;
  throw Error(Trouble::data, source.name,
              std::to_string(labels.total) + " of " + counted(labels.total + others.total, "cell") + " of the " +
                  std::to_string(width) + " target columns are 0 or 1, as labels are; the first other one is " +
                  number_text(others.first) + " of " + name_of_target(data, others.first_row % width) + ", " +
                  source.place_of(data, others.first_row / width),
              "only 0 and 1, or numbers to learn", "correct the file; --set data.task=regression learns numbers");
}

/// Rows with exactly one 1, and a few others.
void refuse_rows_of_no_class(const Dataset& data, const Array& values, const TargetSource& source) {
  const std::int64_t width = values.shape()[1];
  FewNumbers classes, others;
  for (std::int64_t i = 0; i < values.rows(); ++i) {
    const double* row = values.as<double>() + i * width;
    const bool is_one_hot = std::count(row, row + width, 0.0) == width - 1 && std::count(row, row + width, 1.0) == 1;
    if (is_one_hot) classes.add(std::min(static_cast<double>(std::find(row, row + width, 1.0) - row), 1.0), i);
    else others.add(0, i);
  }
  if (!are_nearly_all(classes, others)) return;
  std::vector<std::string> cells;
  for (std::int64_t k = 0; k < width; ++k) cells.push_back(number_text(values.as<double>()[others.first_row * width + k]));
  throw Error(Trouble::data, source.name,
              std::to_string(classes.total) + " of " + counted(values.rows(), "row") + " have exactly one 1 in the " +
                  std::to_string(width) + " target columns from " + name_of_target(data, 0) +
                  " on, as classes have; the first other one has " + listed(cells, ", ", 8) + ", " +
                  source.place_of(data, others.first_row),
              "exactly one 1 in each row, or separate labels",
              "correct the file; --set data.task=multilabel learns separate labels");
}

/// A few bad cells must not make another task of the target.
void refuse_bad_cells(const Dataset& data, const Array& values, const DataSettings& settings, const TargetSource& source) {
  if (values.shape()[1] == 1) return refuse_fractions_of_classes(data, values, source);
  if (settings.one_hot_is_classes) refuse_rows_of_no_class(data, values, source);
  refuse_numbers_of_labels(data, values, source);
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

std::string TargetSource::place_of(const Dataset& data, std::int64_t row) const {
  if (!data.source_rows.empty()) row = data.source_rows[static_cast<std::size_t>(row)];
  return place ? place(row) : "row " + std::to_string(row) + ", counted from 0";
}

void leave_out_unknown_targets(Dataset& data, const TargetSource& source, bool must_teach, const std::string& words) {
  constexpr std::int64_t fewest = 10;
  const std::int64_t width = data.y.shape()[1], all = data.rows();
  std::vector<std::int64_t> known;
  std::int64_t first = -1;
  for (std::int64_t i = 0; i < all; ++i) {
    const double* row = data.y.as<double>() + i * width;
    if (std::none_of(row, row + width, [](double v) { return std::isnan(v); })) known.push_back(i);
    else if (first < 0) first = i;
  }
  const auto left = static_cast<std::int64_t>(known.size()), left_out = all - left;
  if (left_out == 0) return;
  if (left == 0)
    throw Error(Trouble::data, source.name,
                "no row whose target is known" + (data.notes.empty() ? "" : ": " + data.notes.back().text), "at least one",
                "is data.target the right column?");
  const std::string place = source.place_of(data, first);
  if (must_teach && left < fewest && left_out >= (fewest - 1) * left)
    throw Error(Trouble::data, source.name,
                "the target " + name_of_target(data, 0) + " is missing in " + std::to_string(left_out) + " of " +
                    counted(all, "row") + "; the first is " + place,
                "targets to learn from", "is data.target the right column?");
  data = select_rows(data, known);
  data.notes.push_back({.text = source.name + ": " + counted(left_out, "row") +
                                " left out, whose target is missing or unknown; the first is " + place + words,
                        .lost = left_out,
                        .of = all});
}

void set_targets(Dataset& data, const Array& values, const std::vector<std::string>& levels, const DataSettings& settings,
                 const Dataset* like, bool target_may_be_absent, const TargetSource& source) {
  const std::string& where = source.name;
  if (take_one_hot(data, values, settings, like, where)) return;
  if (!like && settings.task.empty() && levels.empty() && !target_may_be_absent) refuse_bad_cells(data, values, settings, source);
  const std::vector<double> distinct = distinct_values(values);
  const std::int64_t width = values.shape()[1];
  data.task = like                     ? like->task
              : !settings.task.empty() ? task_of(settings.task)
                                       : inferred_task(distinct, values, !levels.empty());
  if (data.task == Task::classification && width > 1)
    throw Error(Trouble::usage, "data.task", "classification with " + std::to_string(width) + " target columns in " + where,
                "one target column, or columns with exactly one 1 and otherwise 0 in each row, unlike " +
                    source.place_of(data, first_not_one_hot(values)),
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
      throw Error(Trouble::data, where, "no target in " + source.place_of(data, i), "a class for every row");
    }
    if (is_text) continue;
    const auto place = std::lower_bound(data.class_values.begin(), data.class_values.end(), codes[i]);
    if (place != data.class_values.end() && *place == codes[i]) codes[i] = static_cast<double>(place - data.class_values.begin());
    else if (target_may_be_absent) codes[i] = std::nan("");
    else
      throw Error(Trouble::data, where, "the class " + number_text(codes[i]) + ", " + source.place_of(data, i),
                  "a class of the source: " + listed(data.classes, ", ", 20));
  }
}

}  // namespace tend
