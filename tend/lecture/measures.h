#pragma once
#include <map>

#include "tend/data/settings.h"
#include "tend/lecture/statement.h"
#include "tend/report/run_page.h"

namespace tend {

/// What was measured in one run of a statement.
///   status.diverged              1 or 0
///   initial.loss, train.accuracy, validation.loss, test.accuracy ...   metrics before the first step and at the end
///   initial.penalty              L1 and L2 penalties of the weights before the first step
///   epoch_3.train.loss           metrics after an epoch
///   epochs, steps, seconds       made
///   step.loss.highest, step.loss.last    mean losses of windows of steps (about 1 to 512 windows)
///   start.relu_1.deviation       of an activation's output for training rows before the first step, and at the end: end.relu_1.…;
///                                deviation, mean, zero_fraction, dead_fraction
///   ratio.dense_1.weights        usual update/weight ratio; gradient.dense_1.weights: norm of the first gradient
///   finding.divergence           1 where a rule of that name found something
///   check.chance_loss.alarm      1 where a check raised an alarm, and check.chance_loss.value what it measured; where the
///                                experiment has watch.checks
/// and in a search:
///   best, median                 of the values of its trials; trials, epochs: made; stopped.cost_explosion: trials with this cause
struct Measures {
  std::map<std::string, double> values;
  std::map<std::string, std::vector<std::array<double, 2>>>
      curves;  ///< by the names of LectureStatement::charts; "best" of a search
};

/// A statement that was run from one seed.
struct StatementResult {
  std::uint64_t seed = 0;
  double seconds = 0;
  std::vector<Measures> runs;         ///< in the order of the statement
  std::vector<bool> hold;             ///< each claim
  std::vector<std::string> evidence;  ///< of each claim: the names in it with their values
  bool holds() const;
};

/// Trains each run from this seed and judges the claims. `threads`: 0: all. Throws Error{usage} for a statement with a mistake.
StatementResult run_statement(const LectureStatement& statement, std::uint64_t seed, int threads, const DataPlaces& places);

/// The charts of a statement, with a curve of each run.
std::vector<PageChart> charts_of(const LectureStatement& statement, const StatementResult& result);

/// One self-contained page about statements and their results. `results`: of each statement, one for each seed.
std::string lecture_page(const std::vector<LectureStatement>& statements,
                         const std::vector<std::vector<StatementResult>>& results);

}  // namespace tend
