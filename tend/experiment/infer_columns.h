#pragma once
#include <string>
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

}  // namespace tend
