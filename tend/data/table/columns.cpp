#include "tend/data/table/columns.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "tend/data/target.h"

namespace tend {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::string counted(std::int64_t n, const std::string& one) { return std::to_string(n) + " " + one + (n == 1 ? "" : "s"); }

/// Assigns codes by order of appearance while cells are read, then by order of the sorted levels.
void code_column(const Cells& cells, std::int64_t column, const DataSettings& settings, TypedColumn& typed) {
  std::unordered_map<std::string_view, std::size_t> seen;
  std::vector<std::string_view> words;
  for (std::int64_t i = 0; i < cells.rows(); ++i) {
    const std::string_view cell = stripped(cells.at(i, column));
    double& v = typed.values[static_cast<std::size_t>(i)];
    v = nan;
    if (is_missing(cell, settings.missing)) continue;
    const auto [place, is_new] = seen.try_emplace(cell, words.size());
    if (is_new) words.push_back(cell);
    v = static_cast<double>(place->second);
  }
  std::vector<std::size_t> order(words.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::vector<double> numbers(words.size());
  bool all_numbers = true;
  for (std::size_t i = 0; i < words.size() && all_numbers; ++i)
    all_numbers = read_number(words[i], numbers[i], settings.decimal[0]) && !std::isnan(numbers[i]);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return all_numbers && numbers[a] != numbers[b] ? numbers[a] < numbers[b] : words[a] < words[b];
  });
  std::vector<double> codes(words.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    codes[order[i]] = static_cast<double>(i);
    typed.levels.emplace_back(words[order[i]]);
  }
  for (double& v : typed.values)
    if (!std::isnan(v)) v = codes[static_cast<std::size_t>(v)];
}

void code_like(const Cells& cells, std::int64_t column, const DataSettings& settings, TypedColumn& typed) {
  std::unordered_map<std::string_view, double> codes;
  for (std::size_t i = 0; i < typed.levels.size(); ++i) codes.emplace(typed.levels[i], static_cast<double>(i));
  for (std::int64_t i = 0; i < cells.rows(); ++i) {
    const std::string_view cell = stripped(cells.at(i, column));
    const auto place = is_missing(cell, settings.missing) ? codes.end() : codes.find(cell);
    typed.values[static_cast<std::size_t>(i)] = place == codes.end() ? nan : place->second;
    typed.unknown += place == codes.end() && !is_missing(cell, settings.missing);
  }
}

std::string said_type(const DataSettings& settings, const std::string& name) {
  if (settings.types.is_null()) return "";
  const Value* type = settings.types.find(name);
  return type ? type->string() : "";
}

void check_types(const DataSettings& settings, const std::vector<std::string>& names) {
  if (settings.types.is_null()) return;
  if (!settings.types.is_table())
    throw Error(Trouble::usage, "data.types", settings.types.describe(), "a table: {column = \"category\"}");
  for (const auto& [column, type] : settings.types.items()) {
    if (std::find(names.begin(), names.end(), column) == names.end()) unknown_key("data.types", column, names);
    if (!type.is_string() || (type.string() != "number" && type.string() != "category"))
      throw Error(Trouble::usage, "data.types." + column, type.describe(), "\"number\" or \"category\"");
  }
}

/// Returns all columns of one kind as a matrix [N, columns], with notes of the changes.
struct Matrix {
  Array values;
  std::vector<Column> columns;
};

void put_column(const TypedColumn& typed, Array& values, std::int64_t k) {
  double* out = values.as<double>() + k;
  const std::int64_t width = values.shape()[1];
  for (const double v : typed.values) {
    *out = v;
    out += width;
  }
}

void note_changes(const TypedColumn& typed, const std::string& name, std::vector<std::string>& notes) {
  if (typed.unknown)
    notes.push_back(counted(typed.unknown, "value") + " of \"" + name +
                    "\" that do not occur in the training data count as missing");
  if (typed.retyped)
    notes.push_back(counted(typed.retyped, "cell") + " of \"" + name + "\" that are not numbers count as missing");
}

Matrix read_inputs(const Cells& cells, const ChosenColumns& chosen, const DataSettings& settings, const Dataset* like,
                   std::vector<std::string>& notes) {
  Matrix inputs{Array({cells.rows(), static_cast<std::int64_t>(chosen.inputs.size())}, ElementType::float64), {}};
  for (std::size_t k = 0; k < chosen.inputs.size(); ++k) {
    const Column* given = like ? &like->columns[k] : nullptr;
    const std::string name = given ? given->name : cells.names()[static_cast<std::size_t>(chosen.inputs[k])];
    TypedColumn typed = type_column(cells, chosen.inputs[k], settings, given && given->is_category() ? &given->levels : nullptr,
                                    said_type(settings, name), given && !given->is_category());
    put_column(typed, inputs.values, static_cast<std::int64_t>(k));
    note_changes(typed, name, notes);
    inputs.columns.push_back({name, std::move(typed.levels)});
  }
  return inputs;
}

Matrix read_targets(const Cells& cells, const ChosenColumns& chosen, const DataSettings& settings, const Dataset* like,
                    std::vector<std::string>& notes) {
  Matrix targets{Array({cells.rows(), static_cast<std::int64_t>(chosen.targets.size())}, ElementType::float64), {}};
  const bool has_text_classes = like && !like->classes.empty() && like->class_values.empty();
  for (std::size_t k = 0; k < chosen.targets.size(); ++k) {
    const std::string& name = cells.names()[static_cast<std::size_t>(chosen.targets[k])];
    TypedColumn typed = type_column(cells, chosen.targets[k], settings, has_text_classes ? &like->classes : nullptr,
                                    said_type(settings, name), false);
    put_column(typed, targets.values, static_cast<std::int64_t>(k));
    note_changes(typed, name, notes);
    targets.columns.push_back({name, std::move(typed.levels)});
  }
  return targets;
}

std::vector<std::int64_t> rows_with_targets(const Array& y) {
  std::vector<std::int64_t> known;
  const std::int64_t width = y.shape()[1];
  for (std::int64_t i = 0; i < y.rows(); ++i)
    if (std::none_of(y.as<double>() + i * width, y.as<double>() + (i + 1) * width, [](double v) { return std::isnan(v); }))
      known.push_back(i);
  return known;
}

}  // namespace

TypedColumn type_column(const Cells& cells, std::int64_t column, const DataSettings& settings,
                        const std::vector<std::string>* levels, const std::string& type, bool must_be_number) {
  TypedColumn typed;
  typed.values.resize(static_cast<std::size_t>(cells.rows()));
  if (levels) {
    typed.levels = *levels;
    code_like(cells, column, settings, typed);
    return typed;
  }
  bool is_number = type != "category";
  for (std::int64_t i = 0; i < cells.rows() && is_number; ++i) {
    const std::string_view cell = stripped(cells.at(i, column));
    double& v = typed.values[static_cast<std::size_t>(i)];
    // Most cells are numbers, so this check comes first; "nan" is treated the same by both checks.
    if (settings.missing.empty() && read_number(cell, v, settings.decimal[0])) continue;
    if (is_missing(cell, settings.missing)) {
      v = nan;
    } else if (!read_number(cell, v, settings.decimal[0])) {
      if (type == "number") {
        v = nan;
        ++typed.retyped;
      } else if (must_be_number) {
        throw Error(Trouble::data, cells.place(i),
                    "\"" + std::string(cell.substr(0, 60)) + "\" in the column \"" +
                        cells.names()[static_cast<std::size_t>(column)] + "\"",
                    "a number, as in the source");
      } else {
        is_number = false;
      }
    }
  }
  if (!is_number) code_column(cells, column, settings, typed);
  return typed;
}

Dataset dataset_of_cells(const Cells& cells, const DataSettings& settings, const Dataset* like, bool target_may_be_absent) {
  if (!like) check_types(settings, cells.names());
  const ChosenColumns chosen = like ? choose_columns_like(cells.names(), *like, target_may_be_absent, cells.name())
                                    : choose_columns(cells.names(), settings);
  Dataset all;
  Matrix inputs = read_inputs(cells, chosen, settings, like, all.notes);
  all.x = std::move(inputs.values);
  all.columns = std::move(inputs.columns);
  all.rows_in_source = cells.rows();
  if (chosen.targets.empty()) {
    all.task = like->task;
    all.classes = like->classes;
    all.class_values = like->class_values;
    all.target_names = like->target_names;
    return all;
  }
  const Matrix targets = read_targets(cells, chosen, settings, like, all.notes);
  for (const Column& column : targets.columns) all.target_names.push_back(column.name);
  all.y = targets.values;
  if (!target_may_be_absent) {
    const std::vector<std::int64_t> known = rows_with_targets(all.y);
    if (known.empty())
      throw Error(Trouble::data, cells.name(), "no row whose target is known", "at least one",
                  "is data.target the right column?");
    if (const std::int64_t left_out = cells.rows() - static_cast<std::int64_t>(known.size()); left_out > 0) {
      all = select_rows(all, known);
      all.notes.push_back(cells.name() + ": " + counted(left_out, "row") + " left out, whose target is missing or unknown");
    }
  }
  const Array values = all.y;
  set_targets(all, values, targets.columns[0].levels, settings, like, target_may_be_absent, cells.name());
  return all;
}

}  // namespace tend
