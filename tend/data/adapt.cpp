#include "tend/data/adapt.h"

#include <algorithm>

#include "tend/data/table/rare_levels.h"

namespace tend {
namespace {

/// Copies the columns `kept` of a matrix.
Array some_columns(const Array& all, const std::vector<std::int64_t>& kept) {
  const std::int64_t rows = all.rows(), width = all.row_size(), narrow = static_cast<std::int64_t>(kept.size());
  Array some({rows, narrow}, ElementType::float64);
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t k = 0; k < narrow; ++k)
      some.as<double>()[r * narrow + k] = all.as<double>()[r * width + kept[static_cast<std::size_t>(k)]];
  return some;
}

void leave_out(Dataset& data, const std::vector<std::string>& ignored) {
  const auto is_ignored = [&](const std::string& name) {
    return std::find(ignored.begin(), ignored.end(), name) != ignored.end();
  };
  std::vector<std::int64_t> kept;
  for (std::size_t c = 0; c < data.columns.size(); ++c)
    if (!is_ignored(data.columns[c].name)) kept.push_back(static_cast<std::int64_t>(c));
  std::erase_if(data.notes, [&](const DataNote& note) { return is_ignored(note.column); });
  if (kept.size() == data.columns.size()) return;
  data.x = some_columns(data.x, kept);
  std::erase_if(data.columns, [&](const Column& column) { return is_ignored(column.name); });
}

/// Puts a note after those of the same column and of the columns before it.
void add_note(Dataset& data, std::size_t column, DataNote note) {
  const auto is_before = [&](const DataNote& other) {
    for (std::size_t c = 0; c <= column; ++c)
      if (data.columns[c].name == other.column) return true;
    return false;
  };
  const auto last = std::find_if(data.notes.rbegin(), data.notes.rend(), is_before);
  const auto first_of_a_column = std::find_if(data.notes.begin(), data.notes.end(),
                                              [](const DataNote& other) { return !other.column.empty(); });
  data.notes.insert(last != data.notes.rend() ? last.base() : first_of_a_column, std::move(note));
}

void join_rare_values(Dataset& data, std::int64_t least) {
  const auto width = static_cast<std::int64_t>(data.columns.size());
  for (std::size_t c = 0; c < data.columns.size(); ++c) {
    Column& column = data.columns[c];
    const RareLevels joined = join_rare_levels(data.x.as<double>() + c, {.rows = data.rows(), .stride = width}, least,
                                               column.name, column.levels);
    if (joined.other < 0) continue;
    column.other = joined.other;
    add_note(data, c, {.text = data.file + ": " + joined.text, .of = data.rows(), .column = column.name});
  }
}

}  // namespace

bool adapt(Dataset& data, const DataSettings& then, const DataSettings& now) {
  const bool joins = now.rare_values != then.rare_values;
  // Rows without a target count, too, where it is decided which values are rare.
  const bool can_join = !joins || (then.rare_values == 0 && data.source_rows.empty());
  if (data.columns.empty() || data.file.empty() || data.x.is_on_disk() || now.group != then.group || !can_join) return false;
  leave_out(data, now.ignore);
  if (joins) join_rare_values(data, now.rare_values);
  return true;
}

}  // namespace tend
