#pragma once
#include <string>
#include <vector>

#include "tend/data/dataset.h"
#include "tend/data/table/cells.h"

namespace tend {

/// A column's numbers, or the codes of its sorted levels; NaN if missing or unknown.
struct TypedColumn {
  std::vector<double> values;
  std::vector<std::string> levels;  ///< empty: numbers
  std::int64_t other = -1;          ///< the level of rare and of new values; -1: none
  NumberStyle style;
  std::optional<DateOrder> date;  ///< the values are dates
  std::string hint;               ///< as in Column
  DataNotes notes;
};

struct ColumnRequest {
  std::int64_t column = 0;
  std::string type;              ///< of data.types: "", "number", "category", "date", "date_day_first" ...
  bool is_target = false;        ///< a target of nearly all numbers is an Error, never text
  bool has_classes = false;      ///< data.task says that the target's values are classes
  bool has_numbers = false;      ///< data.task says that the target's values are numbers
  bool may_be_rounded = false;   ///< whole numbers above 2^53 are numbers, too
  bool may_be_absent = false;    ///< nothing is lost if the target cannot be read, as where rows are predicted
  const Column* like = nullptr;  ///< the same column of the source: the cells get its type and its codes
};

/// Decides what a column is and converts its cells. A column is a number if all its cells are numbers or missing, in one style
/// (number_style.h); then words like "n/a" and "-" are missing too. Infinite numbers are missing. Whole numbers of one width with
/// leading zeros (postcodes) are categories, as are inputs of whole numbers above 2^53, which doubles would round. An input of
/// which nearly all cells are dates is a date: days since 1970-01-01. If nearly all cells are numbers (90 %), the others are
/// missing; a target then throws Error{data} that names the share, the first other cell and the key that decides. Values of a
/// category that differ only in case or blanks are one, unless data.types says "category". Values of an input with fewer rows
/// than data.rare_values are the level "other", the last one. Each of these decisions is a note.
TypedColumn type_column(const Cells& cells, const DataSettings& settings, const ColumnRequest& request);

}  // namespace tend
