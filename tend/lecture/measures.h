#pragma once
#include <array>
#include <map>
#include <string>
#include <vector>

#include "tend/data/dataset.h"
#include "tend/data/settings.h"
#include "tend/experiment/experiment.h"
#include "tend/lecture/statement.h"
#include "tend/report/run_page.h"

namespace tend {

/// How often values lie in each of some bins of equal width.
struct LectureHistogram {
  std::string when, layer;  ///< "start", "relu_1"
  double low = 0, high = 1;
  std::vector<std::int64_t> counts;
};
/// A grey or coloured picture, row by row, each value in [0, 1].
struct LecturePicture {
  std::string when, name;  ///< "start", "unit 3"
  std::int64_t height = 0, width = 0, channels = 1;
  std::vector<float> values;
};
/// A value at each point of a grid: values[row * columns + column]; rows upwards from low_y.
struct LectureSurface {
  double low_x = 0, high_x = 1, low_y = 0, high_y = 1;
  std::size_t columns = 0, rows = 0;
  std::vector<double> values;
};

/// What was measured in one run of a statement.
///   status.diverged              1 or 0
///   initial.loss, train.accuracy, validation.loss, test.accuracy ...   metrics before the first step and at the end
///   initial.penalty              L1 and L2 penalties of the weights before the first step
///   epoch_3.train.loss           metrics after an epoch
///   epochs, steps, seconds       made
///   step.loss.highest, step.loss.last    mean losses of windows of steps (about 1 to 512 windows)
///   start.relu_1.deviation       of an activation's output for training rows before the first step, and at the end: end.relu_1....;
///                                deviation, mean, zero_fraction, dead_fraction
///   weights.dense_1.weights.mean, .deviation    of a parameter's elements at the end
///   ratio.dense_1.weights        usual update/weight ratio
///   first_update.dense_1.weights, gradient.dense_1.weights    norms of the first update and of the first gradient
///   finding.divergence           1 where a rule of that name found something
///   check.chance_loss.alarm      1 where a check raised an alarm, and check.chance_loss.value what it measured; where the
///                                experiment has watch.checks
/// what the statement's probes measure (shelf lecture/probes);
/// in a search:
///   best, median                 of the values of its trials; trials, epochs: made; stopped.cost_explosion: trials with this cause
///   stage_1.best, stage_1.median    of a stage, from 1
///   best_at.update.optimizer.learning_rate     where the best trial has a parameter that is a number
///   bounds_moved                 how often a bound was moved, because the best values lay at it
struct Measures {
  std::map<std::string, double> values;
  /// By the names of LectureStatement::charts; "best" of a search, and "trials: PATH", the value of each trial at its parameter.
  std::map<std::string, std::vector<std::array<double, 2>>> curves;
  std::vector<LectureHistogram> histograms;
  std::vector<LecturePicture> pictures;
  LectureSurface surface;  ///< under the curve "path"
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

/// The experiment of a run, with its keys set. Throws Error{usage}.
Experiment experiment_of(const LectureStatement& statement, const StatementRun& run, std::uint64_t seed);
/// Trains a run of a statement and measures it; a run that is a search (search_measures.cpp).
Measures measure_run(const LectureStatement& statement, const Experiment& experiment, const Dataset& data, int threads,
                     const DataPlaces& places);
Measures measure_search(const StatementRun& run, const Experiment& experiment, const Dataset& data, int threads,
                        const DataPlaces& places);

/// Trains each run from this seed and judges the claims. `threads`: 0: all. Throws Error{usage} for a statement with a mistake.
StatementResult run_statement(const LectureStatement& statement, std::uint64_t seed, int threads, const DataPlaces& places);

/// The charts of a statement that have a curve of each run.
std::vector<PageChart> charts_of(const LectureStatement& statement, const StatementResult& result);
/// A run's part of a chart with points: the name of the chart is "path" or "trials: PATH".
struct LecturePoints {
  std::string chart, run;
  bool is_path = false;  ///< consecutive points belong together
  std::vector<std::array<double, 2>> points;
  const LectureSurface* surface = nullptr;  ///< under a path; in the result
};
std::vector<LecturePoints> points_of(const LectureStatement& statement, const StatementResult& result);

/// All pictures of a statement from its first seed as SVG elements: charts, points, histograms, pictures of weights.
std::vector<std::string> pictures_of(const LectureStatement& statement, const StatementResult& result);
/// One self-contained page about statements and their results. `results`: of each statement, one for each seed.
std::string lecture_page(const std::vector<LectureStatement>& statements,
                         const std::vector<std::vector<StatementResult>>& results);
/// The same as Markdown with a table of statements and slides. Each statement has one picture, lecture/NAME.svg
/// (lecture_picture).
std::string lecture_markdown(const std::vector<LectureStatement>& statements,
                             const std::vector<std::vector<StatementResult>>& results);
/// A file with all pictures of a statement and a legend of its runs.
std::string lecture_picture(const LectureStatement& statement, const StatementResult& result);

}  // namespace tend
