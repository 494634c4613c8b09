#pragma once
#include <optional>
#include <vector>

#include "tend/trial/context.h"

namespace tend {

/// How good the answers of a run's present state are, in a figure that does not depend on the loss, so that runs with different
/// losses, outputs and target scales compare. In inference, with the weights themselves, not their averages.
///   classes   mean probability that rows give to their right class, from 0 to 1: half of the mean over rows, half of the mean over
///             classes of their means, so that rare classes count, but not as much as frequent ones
///   labels    mean probability of the right value; from 0 to 1
///   values    r2: 1 - squared error / squared deviation from the mean of these rows; at least -1
/// A row whose answer is not finite counts as entirely wrong. `rows` are rows of the part.
double score_of(const Run& run, PartName part, const std::vector<std::int64_t>& rows);
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
/// The score of a constant answer: equal probabilities for all classes, or the mean.
double score_of_chance(const Plan& plan);

}  // namespace tend
