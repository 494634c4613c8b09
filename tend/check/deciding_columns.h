#pragma once
#include <string>
#include <vector>

#include "tend/data/dataset.h"

namespace tend {

/// A column of a table whose value alone says the class of every row.
struct DecidingColumn {
  std::string name, reason;
};
/// Such columns among at least three, in at least 100 rows with classes, where they stand out: numbers of which each class has a
/// range of its own, while no other column of numbers orders the classes nearly as well; or categories, more than there are
/// classes, of which each has rows of one class only. A column that repeats the class word for word is not among them.
std::vector<DecidingColumn> deciding_columns(const Dataset& data);

}  // namespace tend
