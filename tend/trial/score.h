#pragma once
#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "tend/trial/context.h"

namespace tend {

/// How good answers are, in a figure that does not depend on the loss, so that runs with different losses, outputs and target
/// scales compare.
///   classes   half of 1 - log loss / that of a constant answer, the shares of the classes among the training rows or equal
///             probabilities, whichever is better (McFadden, 1974): who is sure and wrong loses more than who is unsure, and a rare
///             class counts as much as it surprises; and half of the mean over classes of the mean probability of the right class,
///             where equal probabilities are 0 and certainty is 1. The first half only where the rows have one class
///   labels    the mean over labels of the same
///   values    the mean over targets of r2: 1 - squared error / squared deviation from the mean of these rows
/// From -1, and whatever is worse, to 1; the constant answer has 0. A row whose answer is not finite counts as entirely wrong.
/// Targets that have one value in all rows are left out.
struct Score {
  double value = 0;
  std::vector<double> parts;     ///< by row and place; their mean is the value; below 0 those of the constant answer, shifted
  std::vector<double> constant;  ///< the same of the constant answer, with mean 0
};
/// Of the answers of a run's present state to these rows of the part. In inference, with the weights themselves, not their
/// averages.
Score score_of(const Run& run, PartName part, const std::vector<std::int64_t>& rows);
/// The standard error of the mean of a - b, of parts of the same rows; 0 where there are fewer than two.
double error_of_difference(const std::vector<double>& a, const std::vector<double>& b);
/// What the scores of equally good trainings differ by on so many rows.
inline double usual_difference(std::size_t rows) { return 0.25 / std::sqrt(static_cast<double>(std::max<std::size_t>(1, rows))); }
/// The rows by which trainings are compared: at most 400 validation rows, or training rows where there are fewer than 30 of
/// those.
struct ScoredRows {
  PartName part = PartName::validation;
  std::vector<std::int64_t> rows;
  bool is_held_out = true;  ///< the trainings do not learn from these rows
};
ScoredRows rows_to_score(const TrialContext& context);
/// For trainings from the start where there are too few validation rows: a fifth of the training rows, drawn by the seed, which
/// these trainings leave out, and the rest, from which they learn. Nothing where rows belong together, or are few.
struct LeftOutRows {
  ScoredRows scored;
  std::vector<std::int64_t> rest;
};
std::optional<LeftOutRows> rows_to_leave_out(const TrialContext& context);
/// The score of the best constant answer.
constexpr double score_of_chance = 0;

}  // namespace tend
