#include "tend/data/table/columns.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "tend/base/text.h"
#include "tend/data/table/typed_column.h"
#include "tend/data/table/words.h"
#include "tend/data/target.h"

namespace tend {
namespace {

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
    constexpr std::array known{"number", "category", "date", "date_day_first"};
    if (!type.is_string() || std::find(known.begin(), known.end(), type.string()) == known.end())
      throw Error(Trouble::usage, "data.types." + column, type.describe(),
                  "\"number\", \"category\", \"date\" or \"date_day_first\"");
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

Matrix read_inputs(const Cells& cells, const ChosenColumns& chosen, const DataSettings& settings, const Dataset* like,
                   DataNotes& notes) {
  Matrix inputs{Array({cells.rows(), static_cast<std::int64_t>(chosen.inputs.size())}, ElementType::float64), {}};
  for (std::size_t k = 0; k < chosen.inputs.size(); ++k) {
    const Column* given = like ? &like->columns[k] : nullptr;
    const std::string name = given ? given->name : cells.names()[static_cast<std::size_t>(chosen.inputs[k])];
    TypedColumn typed = type_column(cells, settings,
                                    {.column = chosen.inputs[k], .type = said_type(settings, name), .like = given});
    put_column(typed, inputs.values, static_cast<std::int64_t>(k));
    notes.insert(notes.end(), typed.notes.begin(), typed.notes.end());
    if (given && given->is_unused)
      notes.push_back({.text = "the column \"" + name + "\" was empty in the training data and is not used"});
    inputs.columns.push_back({.name = name,
                              .levels = std::move(typed.levels),
                              .style = std::move(typed.style),
                              .date = typed.date,
                              .other = typed.other,
                              .is_unused = given && given->is_unused});
  }
  return inputs;
}

Matrix read_targets(const Cells& cells, const ChosenColumns& chosen, const DataSettings& settings, const Dataset* like,
                    DataNotes& notes) {
  Matrix targets{Array({cells.rows(), static_cast<std::int64_t>(chosen.targets.size())}, ElementType::float64), {}};
  Column of_source;  // the target's levels are the classes if these are text
  if (like && like->class_values.empty()) of_source.levels = like->classes;
  for (std::size_t k = 0; k < chosen.targets.size(); ++k) {
    const std::string& name = cells.names()[static_cast<std::size_t>(chosen.targets[k])];
    TypedColumn typed = type_column(cells, settings,
                                    {.column = chosen.targets[k],
                                     .type = said_type(settings, name),
                                     .is_target = true,
                                     .has_classes = settings.task == "classification",
                                     .has_numbers = settings.task == "regression",
                                     .like = like ? &of_source : nullptr});
    put_column(typed, targets.values, static_cast<std::int64_t>(k));
    notes.insert(notes.end(), typed.notes.begin(), typed.notes.end());
    targets.columns.push_back({name, std::move(typed.levels), {}});
  }
  return targets;
}

/// Reads the weights, groups and times of the rows.
void read_marks(const Cells& cells, const ChosenColumns& chosen, const DataSettings& settings, Dataset& all) {
  DataSettings whole = settings;
  whole.rare_values = 0;
  const auto typed = [&](std::int64_t column, const char* type) {
    const std::string said = said_type(settings, cells.names()[static_cast<std::size_t>(column)]);
    TypedColumn read = type_column(cells, whole, {.column = column, .type = said.empty() ? type : said});
    all.notes.insert(all.notes.end(), read.notes.begin(), read.notes.end());
    return read;
  };
  const auto refuse = [&](const char* key, std::int64_t column, std::int64_t row, const char* wanted, const char* hint) {
    throw Error(Trouble::data, cells.place(row),
                "the cell " + in_quotes(cells.at(row, column)) + " of \"" + cells.names()[static_cast<std::size_t>(column)] +
                    "\", the column of " + key,
                wanted, hint);
  };
  if (chosen.group >= 0) all.groups = typed(chosen.group, "category").values;
  if (chosen.weight >= 0) {
    all.weights = typed(chosen.weight, "number").values;
    for (std::size_t i = 0; i < all.weights.size(); ++i)
      if (!(all.weights[i] >= 0))
        refuse("data.weight", chosen.weight, static_cast<std::int64_t>(i), "a number of at least 0 in each row", "");
  }
  if (chosen.time < 0) return;
  TypedColumn times = typed(chosen.time, "");
  for (std::size_t i = 0; i < times.values.size(); ++i)
    if (std::isnan(times.values[i]) || !times.levels.empty())
      refuse("data.time", chosen.time, static_cast<std::int64_t>(i), "a number or a date in each row",
             "--set 'data.types={COLUMN=\"date\"}' reads dates");
  all.times = std::move(times.values);
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

Dataset dataset_of_cells(const Cells& cells, const DataSettings& settings, const Dataset* like, bool target_may_be_absent) {
  if (!like) check_types(settings, cells.names());
  const ChosenColumns chosen = like ? choose_columns_like(cells.names(), *like, target_may_be_absent, cells.name())
                                    : choose_columns(cells.names(), settings, target_may_be_absent);
  Dataset all;
  all.notes = cells.notes();
  Matrix inputs = read_inputs(cells, chosen, settings, like, all.notes);
  all.x = std::move(inputs.values);
  all.columns = std::move(inputs.columns);
  all.rows_in_source = cells.rows();
  if (!like) read_marks(cells, chosen, settings, all);
  if (chosen.targets.empty()) {
    if (!like) return all;
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
      throw Error(Trouble::data, cells.name(),
                  "no row whose target is known" + (all.notes.empty() ? "" : ": " + all.notes.back().text), "at least one",
                  "is data.target the right column?");
    if (const std::int64_t left_out = cells.rows() - static_cast<std::int64_t>(known.size()); left_out > 0) {
      all = select_rows(all, known);
      all.notes.push_back(
          {.text = cells.name() + ": " + counted(left_out, "row") + " left out, whose target is missing or unknown",
           .lost = left_out,
           .of = cells.rows()});
    }
  }
  const Array values = all.y;
  set_targets(all, values, targets.columns[0].levels, settings, like, target_may_be_absent, cells.name());
  return all;
}

}  // namespace tend
