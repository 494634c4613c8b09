#include "tend/data/table/columns.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <exception>

#include "tend/base/executor.h"
#include "tend/base/text.h"
#include "tend/data/table/plain_numbers.h"
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
    throw Error(Trouble::usage, "data.types", settings.types.describe(), "a table: {column = \"category\"}",
                means_none(settings.types) ? "write {} for none" : "");
  for (const auto& [column, type] : settings.types.items()) {
    if (std::find(names.begin(), names.end(), column) == names.end()) unknown_key("data.types", column, names);
    constexpr std::array known{"number", "category", "date", "date_day_first", "date_month_first"};
    if (!type.is_string() || std::find(known.begin(), known.end(), type.string()) == known.end())
      throw Error(Trouble::usage, "data.types." + column, type.describe(),
                  "\"number\", \"category\", \"date\", \"date_day_first\" or \"date_month_first\"");
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

/// Reads the columns that hold plain numbers, and calls `look(k)` for each of the others, on several threads. Of the errors that
/// it throws, the one of the first column is thrown.
template <class Look>
void read_columns(const Cells& cells, const DataSettings& settings, const std::vector<ColumnRequest>& requests, Array& values,
                  Look look) {
  std::vector<PlainColumn> plain;
  std::vector<std::size_t> place;
  for (std::size_t k = 0; k < requests.size(); ++k) {
    const ColumnRequest& r = requests[k];
    if (r.column < 0) {  // not there
      for (std::int64_t row = 0; row < cells.rows(); ++row)
        values.as<double>()[row * values.shape()[1] + static_cast<std::int64_t>(k)] = std::nan("");
      continue;
    }
    const bool may_be = (r.type.empty() || r.type == "number") &&
                        (!r.like || (!r.like->is_category() && !r.like->date && r.like->style.is_plain()));
    if (!may_be) continue;
    plain.push_back({.column = r.column, .out = values.as<double>() + k, .may_hold_codes = r.type.empty() && !r.like});
    place.push_back(k);
  }
  read_plain_numbers(cells, settings, values.shape()[1], plain);
  std::vector<bool> is_read(requests.size());
  for (std::size_t i = 0; i < plain.size(); ++i) is_read[place[i]] = plain[i].is_read;
  std::vector<std::size_t> rest;
  for (std::size_t k = 0; k < requests.size(); ++k)
    if (!is_read[k] && requests[k].column >= 0) rest.push_back(k);
  std::vector<std::exception_ptr> troubles(rest.size());
  const auto look_at = [&](std::size_t i) {
    try {
      look(rest[i]);
    } catch (...) {
      troubles[i] = std::current_exception();
    }
  };
  const auto pool = make_pool(cells.rows() > 10'000 ? std::min(usual_threads(), 8) : 1);
  run_blocks(*pool, static_cast<std::int64_t>(rest.size()), [&](std::int64_t i) { look_at(static_cast<std::size_t>(i)); });
  for (const std::exception_ptr& trouble : troubles)
    if (trouble) std::rethrow_exception(trouble);
}

/// New rows: says which columns have missing cells, and counts rows without any value.
void note_missing_cells(const Cells& cells, const ChosenColumns& chosen, const DataSettings& settings, const Matrix& inputs,
                        DataNotes& notes) {
  const MissingWords missing(settings.missing);
  const auto width = static_cast<std::int64_t>(chosen.inputs.size());
  std::vector<std::int64_t> of_column(chosen.inputs.size());
  std::int64_t total = 0, first = -1, without_any = 0;
  for (std::int64_t row = 0; row < cells.rows(); ++row) {
    std::int64_t values = 0, of_row = 0;
    for (std::int64_t k = 0; k < width; ++k) {
      const auto column = static_cast<std::size_t>(k);
      if (inputs.columns[column].is_unused || chosen.inputs[column] < 0) continue;
      ++values;
      // A value that is unknown is NaN too, and has its own note.
      if (!std::isnan(inputs.values.as<double>()[row * width + k]) ||
          !missing.contains(stripped(cells.at(row, chosen.inputs[column]))))
        continue;
      ++of_row, ++of_column[column];
    }
    if (of_row > 0 && first < 0) first = row;
    total += of_row;
    without_any += values > 0 && of_row == values;
  }
  for (std::size_t k = 0; k < chosen.inputs.size(); ++k)
    if (chosen.inputs[k] < 0 && !inputs.columns[k].is_unused)
      notes.push_back({.text = cells.name() + ": the column \"" + inputs.columns[k].name +
                               "\" is missing; it counts as a missing cell in each of the " + counted(cells.rows(), "row"),
                       .lost = cells.rows(),
                       .of = cells.rows()});
  if (total == 0) return;
  std::vector<std::string> said;
  for (std::size_t k = 0; k < of_column.size(); ++k)
    if (of_column[k] > 0) said.push_back("\"" + inputs.columns[k].name + "\" " + std::to_string(of_column[k]));
  notes.push_back({.text = cells.name() + ": " + counted(total, "cell") + (total == 1 ? " is" : " are") +
                           " missing: " + listed(said, ", ", 8) + "; the first is on line " + std::to_string(cells.line(first)),
                   .of = cells.rows()});
  if (without_any > 0)
    notes.push_back({.text = cells.name() + ": " + counted(without_any, "row") + (without_any == 1 ? " has" : " have") +
                             " no value in any input column",
                     .lost = without_any,
                     .of = cells.rows()});
}

/// Does the name of a column say that its numbers are dates of this kind? Dates without separators need no name.
bool may_be_dates(const std::string& name, NumberDate kind) {
  if (kind == NumberDate::digits) return true;
  // Words of the name: "birth_date", "birthDate"; not "candidates" or "sometimes".
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    const bool begins = std::isupper(c) && i > 0 && std::islower(static_cast<unsigned char>(name[i - 1]));
    if (!std::isalpha(c) || begins) words.emplace_back();
    if (std::isalpha(c)) words.back() += static_cast<char>(std::tolower(c));
  }
  const auto has = [&](std::initializer_list<const char*> wanted) {
    return std::any_of(words.begin(), words.end(),
                       [&](const std::string& word) { return std::find(wanted.begin(), wanted.end(), word) != wanted.end(); });
  };
  if (kind == NumberDate::serial) return has({"date", "dates", "datetime", "day"});
  return has({"date", "dates", "datetime", "time", "times", "timestamp", "stamp", "epoch", "ts", "at"});
}

/// Says where plain numbers are probably dates.
void point_out_dates(const Cells& cells, Matrix& inputs, DataNotes& notes) {
  constexpr std::int64_t fewest = 10;
  const auto width = static_cast<std::int64_t>(inputs.columns.size());
  for (std::int64_t k = 0; k < width; ++k) {
    Column& column = inputs.columns[static_cast<std::size_t>(k)];
    if (column.is_category() || column.date || cells.rows() < fewest) continue;
    for (const NumberDate kind : {NumberDate::digits, NumberDate::seconds, NumberDate::milliseconds, NumberDate::serial}) {
      if (!may_be_dates(column.name, kind)) continue;
      double first = std::nan(""), days = 0;
      bool are = true, differ = false;
      for (std::int64_t row = 0; row < cells.rows() && are; ++row) {
        const double v = inputs.values.as<double>()[row * width + k];
        if (std::isnan(v)) continue;
        are = date_of_number(v, kind, days);
        if (std::isnan(first)) first = v;
        differ |= v != first;
      }
      if (!are || !differ) continue;
      column.hint = "look like dates: " + possible_date(first, kind) +
                    ". Written as 2024-01-31 they give year, month, weekday and hour as inputs";
      notes.push_back(
          {.text = cells.name() + ": the cells of " + in_quotes(column.name) + " are read as numbers, but " + column.hint,
           .of = cells.rows(),
           .column = column.name});
      break;
    }
  }
}

Matrix read_inputs(const Cells& cells, const ChosenColumns& chosen, const DataSettings& settings, const Dataset* like,
                   DataNotes& notes) {
  Matrix inputs{Array({cells.rows(), static_cast<std::int64_t>(chosen.inputs.size())}, ElementType::float64), {}};
  std::vector<ColumnRequest> requests;
  for (std::size_t k = 0; k < chosen.inputs.size(); ++k) {
    const Column* given = like ? &like->columns[k] : nullptr;
    const std::string name = given ? given->name : cells.names()[static_cast<std::size_t>(chosen.inputs[k])];
    requests.push_back({.column = chosen.inputs[k], .type = said_type(settings, name), .like = given});
    if (chosen.inputs[k] < 0) inputs.columns.push_back(*given);
    else inputs.columns.push_back({.name = name, .is_unused = given && given->is_unused});
  }
  std::vector<DataNotes> of_column(requests.size());
  read_columns(cells, settings, requests, inputs.values, [&](std::size_t k) {
    TypedColumn typed = type_column(cells, settings, requests[k]);
    put_column(typed, inputs.values, static_cast<std::int64_t>(k));
    of_column[k] = std::move(typed.notes);
    inputs.columns[k].levels = std::move(typed.levels);
    inputs.columns[k].style = std::move(typed.style);
    inputs.columns[k].date = typed.date;
    inputs.columns[k].other = typed.other;
    inputs.columns[k].hint = std::move(typed.hint);
  });
  for (std::size_t k = 0; k < requests.size(); ++k) {
    notes.insert(notes.end(), of_column[k].begin(), of_column[k].end());
    if (inputs.columns[k].is_unused)
      notes.push_back({.text = "the column \"" + inputs.columns[k].name + "\" was empty in the training data and is not used"});
  }
  if (like) note_missing_cells(cells, chosen, settings, inputs, notes);
  else point_out_dates(cells, inputs, notes);
  return inputs;
}

Matrix read_targets(const Cells& cells, const ChosenColumns& chosen, const DataSettings& settings, const Dataset* like,
                    bool may_be_absent, DataNotes& notes) {
  Matrix targets{Array({cells.rows(), static_cast<std::int64_t>(chosen.targets.size())}, ElementType::float64), {}};
  Column of_source;  // the target's levels are the classes if these are text
  if (like && like->class_values.empty()) of_source.levels = like->classes;
  std::vector<ColumnRequest> requests;
  for (const std::int64_t column : chosen.targets) {
    const std::string& name = cells.names()[static_cast<std::size_t>(column)];
    requests.push_back({.column = column,
                        .type = said_type(settings, name),
                        .is_target = true,
                        .has_classes = settings.task == "classification",
                        .has_numbers = settings.task == "regression",
                        .may_be_absent = may_be_absent,
                        .like = like ? &of_source : nullptr});
    targets.columns.push_back({.name = name});
  }
  std::vector<DataNotes> of_column(requests.size());
  read_columns(cells, settings, requests, targets.values, [&](std::size_t k) {
    TypedColumn typed = type_column(cells, settings, requests[k]);
    put_column(typed, targets.values, static_cast<std::int64_t>(k));
    of_column[k] = std::move(typed.notes);
    targets.columns[k].levels = std::move(typed.levels);
  });
  for (const DataNotes& its_notes : of_column) notes.insert(notes.end(), its_notes.begin(), its_notes.end());
  return targets;
}

/// Reads the weights, groups and times of the rows.
void read_marks(const Cells& cells, const ChosenColumns& chosen, const DataSettings& settings, Dataset& all) {
  DataSettings whole = settings;
  whole.rare_values = 0;
  const auto typed = [&](std::int64_t column, const char* type) {
    const std::string said = said_type(settings, cells.names()[static_cast<std::size_t>(column)]);
    TypedColumn read = type_column(cells, whole, {.column = column, .type = said.empty() ? type : said, .may_be_rounded = true});
    all.notes.insert(all.notes.end(), read.notes.begin(), read.notes.end());
    return read;
  };
  const auto refuse = [&](const char* key, std::int64_t column, std::int64_t row, const char* wanted, const std::string& hint) {
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
             times.hint.empty() ? "--set 'data.types={COLUMN=\"date\"}' reads dates" : "the column has " + times.hint);
  all.times_are_dates = times.date.has_value();
  all.times = std::move(times.values);
}

/// For classes: the words for which rows are left out, and how they become classes.
std::string words_without_class(const Cells& cells, const ChosenColumns& chosen, const Matrix& targets,
                                const DataSettings& settings) {
  if (targets.columns[0].levels.empty()) return "";
  const MissingWords missing(settings.missing);
  Words words;
  std::string word;  // that is read as missing
  for (std::int64_t i = 0; i < cells.rows(); ++i) {
    if (!std::isnan(targets.values.as<double>()[i * targets.values.shape()[1]])) continue;
    const std::string_view text = stripped(cells.at(i, chosen.targets[0]));
    if (text.empty()) continue;
    words.add(text, i);
    if (word.empty() && text != "?" && missing.contains(text)) word = text;
  }
  if (words.total == 0) return "";
  return ". Their cells are " + words.text() + ", the first on line " + std::to_string(cells.line(words.first_row)) +
         (word.empty() ? "" : "; --set 'data.missing=[\"-" + word + "\"]' makes a class of " + in_quotes(word));
}

}  // namespace

Dataset dataset_of_cells(const Cells& cells, const DataSettings& settings, const Dataset* like, bool target_may_be_absent) {
  if (!like) refuse_names_in_first_row(cells, settings), check_types(settings, cells.names());
  const ChosenColumns chosen = like ? choose_columns_like(cells.names(), *like, target_may_be_absent, cells.name())
                                    : choose_columns(cells.names(), settings, target_may_be_absent);
  Dataset all;
  all.notes = cells.notes();
  Matrix inputs = read_inputs(cells, chosen, settings, like, all.notes);
  all.x = std::move(inputs.values);
  all.columns = std::move(inputs.columns);
  all.rows_in_source = cells.rows();
  all.file = cells.name();
  if (cells.has_line_for_each_row()) all.first_line = cells.line(0);
  if (!like) read_marks(cells, chosen, settings, all);
  if (const std::int64_t id = settings.id.empty() ? -1 : find_column(cells.names(), settings.id, "--id"); id >= 0)
    for (std::int64_t row = 0; row < cells.rows(); ++row) all.ids.emplace_back(stripped(cells.at(row, id)));
  if (chosen.targets.empty()) {
    if (!like) return all;
    all.task = like->task;
    all.classes = like->classes;
    all.class_values = like->class_values;
    all.target_names = like->target_names;
    return all;
  }
  const Matrix targets = read_targets(cells, chosen, settings, like, target_may_be_absent, all.notes);
  for (const Column& column : targets.columns) all.target_names.push_back(column.name);
  all.y = targets.values;
  const TargetSource source(cells.name(), [&](std::int64_t row) { return "line " + std::to_string(cells.line(row)); });
  if (!target_may_be_absent) leave_out_unknown_targets(all, source, !like, words_without_class(cells, chosen, targets, settings));
  const Array values = all.y;
  set_targets(all, values, targets.columns[0].levels, settings, like, target_may_be_absent, source);
  return all;
}

}  // namespace tend
