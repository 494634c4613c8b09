#pragma once
#include <string>
#include <vector>

#include "tend/data/settings.h"
#include "tend/data/table/cells.h"

namespace tend {

/// The numbers of the input and target columns.
struct ChosenColumns {
  std::vector<std::int64_t> inputs, targets;
};
/// Chooses by the settings' target, features and ignore. An unknown column is an Error{usage} that lists the columns.
ChosenColumns choose_columns(const std::vector<std::string>& names, const DataSettings& settings);
/// Chooses the columns of `like`, by name in any order, or by number if neither has names. Targets may be missing if allowed.
ChosenColumns choose_columns_like(const std::vector<std::string>& names, const Dataset& like, bool target_may_be_absent,
                                  const std::string& where);

/// Converts cells to typed columns and to a Dataset. Rows without a target are left out and counted.
Dataset dataset_of_cells(const Cells& cells, const DataSettings& settings, const Dataset* like, bool target_may_be_absent);

/// A column's numbers, or the codes of its sorted levels; NaN if missing or unknown.
struct TypedColumn {
  std::vector<double> values;
  std::vector<std::string> levels;
  std::int64_t unknown = 0;  ///< cells whose value is not one of the given levels
  std::int64_t retyped = 0;  ///< cells that are not numbers in a column declared as numbers
};
/// `levels`, if given: those of the source. `type`: "", "number" or "category". `must_be_number`: any other cell is an Error.
TypedColumn type_column(const Cells& cells, std::int64_t column, const DataSettings& settings,
                        const std::vector<std::string>* levels, const std::string& type, bool must_be_number);

}  // namespace tend
