#include <algorithm>
#include <cstdlib>

#include "tend/base/text.h"
#include "tend/data/table/columns.h"

namespace tend {
namespace {

std::int64_t find_name(const std::vector<std::string>& names, const std::string& name) {
  const auto place = std::find(names.begin(), names.end(), name);
  return place == names.end() ? -1 : place - names.begin();
}

}  // namespace

std::int64_t find_column(const std::vector<std::string>& names, const Value& key, const std::string& where) {
  const auto count = static_cast<std::int64_t>(names.size());
  std::string name;
  if (key.is_string()) {
    name = key.string();
    if (const auto i = find_name(names, name); i >= 0) return i;
    if (name == "last") return count - 1;
  } else if (key.is_integer()) {
    const std::int64_t i = key.integer();
    if (i >= -count && i < count) return i < 0 ? count + i : i;
    if (const auto named = find_name(names, std::to_string(i)); named >= 0) return named;  // a year, for instance
    throw Error(Trouble::usage, where, "column number " + std::to_string(i),
                "0 .. " + std::to_string(count - 1) + ", or a name: " + listed(names));
  } else {
    throw Error(Trouble::usage, where, key.describe(), "a column's name or number");
  }
  const std::string close = nearest(name, names);
  throw Error(Trouble::usage, where, "no column \"" + name + "\"", "one of: " + listed(names),
              !close.empty()       ? "did you mean \"" + close + "\"?"
              : names.size() > 1   ? ""
              : names[0][0] == '#' ? "lines that begin with # are no comments here: remove them"
                                   : "the file has one column: is data.delimiter the character between its cells?");
}

namespace {

std::vector<std::int64_t> find_columns(const std::vector<std::string>& names, const Value& keys, const std::string& where) {
  std::vector<std::int64_t> found;
  if (!keys.is_array()) return {find_column(names, keys, where)};
  for (const Value& key : keys.array_items()) {
    found.push_back(find_column(names, key, where));
    if (std::count(found.begin(), found.end(), found.back()) > 1)
      throw Error(Trouble::usage, where, "the column \"" + names[static_cast<std::size_t>(found.back())] + "\" twice",
                  "each column once");
  }
  return found;
}

bool holds(const std::vector<std::int64_t>& all, std::int64_t i) { return std::find(all.begin(), all.end(), i) != all.end(); }

}  // namespace

ChosenColumns choose_columns(const std::vector<std::string>& names, const DataSettings& settings, bool target_may_be_absent) {
  ChosenColumns chosen;
  chosen.targets = find_columns(names, settings.target.is_null() ? Value("last") : settings.target, "data.target");
  if (chosen.targets.empty() && !target_may_be_absent)
    throw Error(Trouble::usage, "data.target", "an empty list", "at least one column");
  std::vector<std::int64_t> ignored;
  for (const std::string& name : settings.ignore) ignored.push_back(find_column(names, name, "data.ignore"));
  std::vector<std::int64_t> marks;  // columns that say something of rows, but are no inputs
  for (const auto& [key, setting, place] : {std::tuple{"data.weight", &settings.weight, &chosen.weight},
                                            {"data.group", &settings.group, &chosen.group},
                                            {"data.time", &settings.time, &chosen.time}}) {
    if (setting->is_null()) continue;
    *place = find_column(names, *setting, key);
    if (holds(chosen.targets, *place))
      throw Error(Trouble::usage, key, "the target column \"" + names[static_cast<std::size_t>(*place)] + "\"",
                  "another column than the target");
    marks.push_back(*place);
  }
  const bool names_features = settings.features.is_array() ? !settings.features.array_items().empty()
                                                           : !settings.features.is_null();
  if (names_features) {
    for (const std::int64_t i : find_columns(names, settings.features, "data.features"))
      if (!holds(ignored, i)) chosen.inputs.push_back(i);
  } else {
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(names.size()); ++i)
      if (!holds(chosen.targets, i) && !holds(ignored, i) && !holds(marks, i)) chosen.inputs.push_back(i);
  }
  for (const std::int64_t i : chosen.targets)
    if (holds(ignored, i))
      throw Error(Trouble::usage, "data.ignore", "the target column \"" + names[static_cast<std::size_t>(i)] + "\"",
                  "other columns than the target");
  if (chosen.inputs.empty())
    throw Error(Trouble::usage, "data", "no column is left to learn from",
                "at least one besides the target; the columns are: " + listed(names));
  return chosen;
}

void refuse_names_in_first_row(const Cells& cells, const DataSettings& settings) {
  if (cells.has_header()) return;
  const auto look = [&](const Value& key, const std::string& where) {
    if (!key.is_string() && !key.is_integer()) return;
    const std::string name = key.is_string() ? key.string() : std::to_string(key.integer());
    const bool is_number_of_column = key.is_integer() && std::abs(key.integer()) < cells.columns();
    if (is_number_of_column || name == "last" || find_name(cells.names(), name) >= 0) return;
    for (std::int64_t c = 0; c < cells.columns(); ++c)
      if (stripped(cells.at(0, c)) == name)
        throw Error(Trouble::usage, where,
                    "no column \"" + name + "\": " + cells.place(0) + ", where it stands, is read as a row of data",
                    "one of: " + listed(cells.names()),
                    "--set data.header=true reads the first line as the names of the columns");
  };
  for (const auto& [keys, where] : {std::pair{&settings.target, "data.target"},
                                    {&settings.features, "data.features"},
                                    {&settings.weight, "data.weight"},
                                    {&settings.group, "data.group"},
                                    {&settings.time, "data.time"}}) {
    if (!keys->is_array()) look(*keys, where);
    else
      for (const Value& key : keys->array_items()) look(key, where);
  }
  for (const std::string& name : settings.ignore) look(Value(name), "data.ignore");
}

ChosenColumns choose_columns_like(const std::vector<std::string>& names, const Dataset& like, bool target_may_be_absent,
                                  const std::string& where) {
  ChosenColumns chosen;
  // Without a header, names are numbers. If the target's column is missing, the later columns have moved by one.
  const auto is_number_name = [](const std::string& name) {
    return !name.empty() && name.find_first_not_of("0123456789") == name.npos;
  };
  const bool has_numbers_for_names = std::all_of(names.begin(), names.end(), is_number_name);
  if (has_numbers_for_names && target_may_be_absent && names.size() == like.columns.size() && !like.target_names.empty()) {
    for (std::size_t i = 0; i < names.size(); ++i) chosen.inputs.push_back(static_cast<std::int64_t>(i));
    return chosen;
  }
  std::vector<std::string> missing, unknown;
  for (const std::string& name : names)
    if (std::none_of(like.columns.begin(), like.columns.end(), [&](const Column& c) { return c.name == name; }) &&
        std::find(like.target_names.begin(), like.target_names.end(), name) == like.target_names.end())
      unknown.push_back(name);
  std::string close;  // a column that may be meant
  const auto take = [&](const std::string& name, std::vector<std::int64_t>& places, bool is_target) {
    const std::int64_t i = find_name(names, name);
    if (i >= 0) places.push_back(i);
    else if (!is_target || !target_may_be_absent) {
      missing.push_back("\"" + name + "\"");
      if (close.empty()) close = nearest(name, unknown);
      if (!is_target) places.push_back(-1);
    }
  };
  for (const Column& column : like.columns) take(column.name, chosen.inputs, false);
  for (const std::string& name : like.target_names) take(name, chosen.targets, true);
  if (!target_may_be_absent && chosen.targets.empty() && missing.size() == like.target_names.size() && !missing.empty())
    throw Error(Trouble::data, where, "the target " + listed(missing) + " is missing; the columns here are: " + listed(names),
                "the right answer in each row, with which predictions can be compared",
                close.empty() ? "tend predict needs no target" : "is \"" + close + "\" meant? tend predict needs no target");
  // Rows to predict may lack some columns; a column that is spelt differently, or a table of other columns, is a mistake.
  const bool may_lack = target_may_be_absent && close.empty() && !has_numbers_for_names &&
                        2 * missing.size() <= like.columns.size();
  if (!missing.empty() && !may_lack)
    throw Error(Trouble::data, where,
                (missing.size() == 1 ? "the column " : std::to_string(missing.size()) + " columns are missing: ") +
                    listed(missing) + (missing.size() == 1 ? " is missing" : ""),
                "the columns that the model was trained on; the columns here are: " + listed(names),
                has_numbers_for_names ? "the first line names no columns; write a line with their names above it"
                : close.empty()       ? ""
                                      : "is \"" + close + "\" meant?");
  if (chosen.targets.size() != like.target_names.size()) chosen.targets.clear();
  return chosen;
}

}  // namespace tend
