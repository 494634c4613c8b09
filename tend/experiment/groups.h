#pragma once
#include <optional>
#include <string>

#include "tend/data/dataset.h"

namespace tend {

/// A column that numbers or names what several rows belong to (a patient, a speaker), and whose values tell the target.
struct GroupColumn {
  std::string name;
  std::int64_t groups = 0;  ///< different values
  double agreement = 0;     ///< classes: share of rows with the most frequent class of their group; values: share of the variance
                            ///< that groups explain
  double chance = 0;        ///< the same if the target had nothing to do with the groups
};

/// Finds the first column of a table that is called so (defaults.h: Groups), has 2 rows or more for most values, and whose rows
/// of one value nearly always have the same target. If such rows lie in several parts, metrics show memory, not what is learnt.
std::optional<GroupColumn> find_group_column(const Dataset& data);

}  // namespace tend
