#pragma once
#include <string>
#include <vector>

#include "tend/data/settings.h"
#include "tend/data/table/cells.h"

namespace tend {

/// The numbers of the input and target columns, and of those that data.weight, data.group and data.time name (-1: none).
struct ChosenColumns {
  std::vector<std::int64_t> inputs, targets;
  std::int64_t weight = -1, group = -1, time = -1;
};
/// Finds a column by name, by number from 0 (from the end if negative), or "last". `where`: the key, for the Error{usage} that
/// lists the columns and names a similar one.
std::int64_t find_column(const std::vector<std::string>& names, const Value& key, const std::string& where);
/// Chooses by the settings' target, features, ignore, weight, group and time. An unknown column is an Error{usage} that lists the
/// columns. A target of [] means no target, if it may be absent.
ChosenColumns choose_columns(const std::vector<std::string>& names, const DataSettings& settings,
                             bool target_may_be_absent = false);
/// Throws Error{usage} if the settings name a column by a cell of a first line that is read as a row.
void refuse_names_in_first_row(const Cells& cells, const DataSettings& settings);
/// Chooses the columns of `like`, by name in any order, or by number if neither has names. Targets may be missing if allowed;
/// then up to half of the input columns may be missing, too (-1), unless a similar name is there.
ChosenColumns choose_columns_like(const std::vector<std::string>& names, const Dataset& like, bool target_may_be_absent,
                                  const std::string& where);

/// Converts cells to typed columns and to a Dataset. Rows without a target are left out and counted.
Dataset dataset_of_cells(const Cells& cells, const DataSettings& settings, const Dataset* like, bool target_may_be_absent);

}  // namespace tend
