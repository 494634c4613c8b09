#pragma once
#include <optional>
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
/// most `most_rows` of the rows, drawn from the seed. Columns that tell the same share their importance. Throws Error{usage} for
/// rows that are no table, that have no targets, or for an unknown metric.
Importance permutation_importance(const Model& model, const Dataset& rows, const std::string& metric, int repeats,
                                  std::uint64_t seed, std::size_t most_rows = 5'000);

/// What the model answers on average when all rows have one value in a column (Friedman, 2001, sec. 8.2).
struct Dependence {
  struct Point {
    double value = 0;             ///< as in Dataset::x: a number, days of a date, a code of a level
    std::string text;             ///< the number, the date or the level
    std::vector<double> answers;  ///< means over the rows: probabilities of the classes or labels, or values
  };
  std::string column;
  bool is_category = false;
  std::vector<std::string> names;  ///< of the answers: classes, labels or targets
  std::vector<Point> points;  ///< of numbers and dates up to 11 quantiles from 5 % to 95 %, of levels up to 20, the most frequent
  std::size_t answer = 0;     ///< the one that varies most, of two classes the second
  double lowest = 0, highest = 0;  ///< its means
};

/// Partial dependence of the answers on each column of a table (`columns`: on these), over at most `most_rows` of the rows, drawn
/// from the seed; the columns with the widest range of an answer first. Other columns keep their values, so where two columns go
/// together the rows may be ones that never occur. Throws Error{usage} for rows that are no table.
std::vector<Dependence> partial_dependence(const Model& model, const Dataset& rows, std::uint64_t seed,
                                           std::size_t most_rows = 500, const std::vector<std::string>& columns = {});

/// What the end of a training tells about the columns of a table.
struct ColumnEffects {
  std::string part;  ///< the rows it was measured on: "held-out" or "training"
  Importance importance;
  std::vector<Dependence> dependence;  ///< on the most important columns, at most 20
};

/// Rows, and the model that is to be judged by them.
struct JudgedRows {
  Model model;
  Dataset rows;
};
/// Importance and dependence for which the model answers at most about `answers` rows; nullopt where that is too few for the
/// number of columns, or where there are no columns or rows. With `folds` the importance is the mean over them, each with its own
/// model, by their numbers of rows.
std::optional<ColumnEffects> column_effects(const Model& model, const Dataset& rows, const std::string& part,
                                            std::int64_t answers, std::uint64_t seed, const std::vector<JudgedRows>& folds = {});

/// The metric that is used where none is named: accuracy, or r2.
std::string usual_importance_metric(Task task);

}  // namespace tend
