#pragma once
#include <string>
#include <vector>

#include "tend/data/dataset.h"

namespace tend {

/// A column that nothing can be learnt from, or too much, and why.
struct UselessColumn {
  std::string name, reason;
};

/// Identifiers (consecutive whole numbers, or texts that are nearly all different), constant columns, and columns that repeat the
/// target value for value.
std::vector<UselessColumn> useless_columns(const Dataset& data);

/// The target of a table by its usual names (target, label, class, y), or "" where no column is called so.
std::string usual_target(const Dataset& data);

}  // namespace tend
