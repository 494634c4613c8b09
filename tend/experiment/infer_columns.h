#pragma once
#include <string>
#include <vector>

#include "tend/data/dataset.h"

namespace tend {

/// A column that nothing can be learnt from, or too much, and why.
struct UselessColumn {
  std::string name, reason;
};

/// Identifiers (whole numbers that count the rows or are called so, texts that are nearly all different), texts of more than a
/// thousand kinds, constant columns, and columns that repeat the target (value for value, or on a straight line).
std::vector<UselessColumn> useless_columns(const Dataset& data);

/// The target of a table by its usual names (target, label, class, y, in any case), or "" where no column is called so.
std::string usual_target(const std::vector<std::string>& names);

}  // namespace tend
