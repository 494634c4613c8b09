#pragma once
#include <string>
#include <utility>
#include <vector>

#include "tend/data/dataset.h"

namespace tend {

/// A column to leave out because it holds too little or too much information, and the reason.
struct UselessColumn {
  std::string name, reason;
  bool repeats_target = false, counts_rows = false;
};

/// Finds identifiers (whole numbers that count the rows or are named as such, texts that nearly all differ), texts of more than a
/// thousand kinds, constant columns, and columns that repeat the target (value for value, or on a straight line).
std::vector<UselessColumn> useless_columns(const Dataset& data);

/// The target of a table by its usual names (target, label, class, y, in any case), or "" if no column has such a name.
std::string usual_target(const std::vector<std::string>& names);

/// The number of columns of numbers besides the ignored ones, and of the columns that one_hot makes of the others.
std::pair<std::int64_t, std::int64_t> widths_of(const Dataset& data, const std::vector<std::string>& ignored);
/// The bins of piecewise_linear for a table of so many rows and columns of numbers: fewer where the prepared table would be large
/// or very wide; 0 where the step is to be left out.
int bins_for(std::int64_t rows, std::int64_t numbers);
/// Whether a column of whole numbers may hold codes, whose values are names: they repeat, and bins cannot tell them apart. The
/// step value_columns decides by the targets of the training rows.
bool may_hold_codes(const Dataset& data, const std::vector<std::string>& ignored);
/// Whether many rows of a table have the same inputs as another one and, nearly always, its target, too: copies, or measurements
/// that were repeated. The targets of equal rows are then worth columns (equal_rows). Rows of few possible inputs are equal by
/// chance, and networks learn the means of their targets better from all rows.
bool repeats_rows(const Dataset& data, const std::vector<std::string>& ignored);

}  // namespace tend
