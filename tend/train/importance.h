#pragma once
#include <string>
#include <vector>

#include "tend/train/model.h"

namespace tend {

/// How much a metric suffers when a column's values are exchanged among the rows.
struct ColumnImportance {
  std::string column;
  double mean = 0, deviation = 0;  ///< loss of the metric (of loss, mse, mae: growth), over the repeats
};

struct Importance {
  std::string metric;
  double value = 0;  ///< of the rows as they are
  std::int64_t rows = 0;
  std::vector<ColumnImportance> columns;  ///< the most important first
};

/// Permutation importance (Breiman, 2001, sec. 10; Fisher, Rudin and Dominici, 2019) of the columns of a table, measured on at
/// most 5,000 of the rows, drawn from the seed. Columns that tell the same share their importance. Throws Error{usage} for rows
/// that are no table, that have no targets, or for an unknown metric.
Importance permutation_importance(const Model& model, const Dataset& rows, const std::string& metric, int repeats,
                                  std::uint64_t seed);

/// The metric that is used where none is named: accuracy, or r2.
std::string usual_importance_metric(Task task);

}  // namespace tend
