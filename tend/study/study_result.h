#pragma once
#include <string>
#include <vector>

#include "tend/study/final_runs.h"
#include "tend/study/study_desk.h"

namespace tend {

/// A trial as lists of trials show it.
struct ListedTrial {
  std::size_t number = 0, stage = 0;
  std::string state, cause;  ///< as in ask and tell
  std::vector<double> values, training;
  double value = 0;                          ///< the best one; NaN if there is none
  double seconds = 0, began = 0, ended = 0;  ///< of training; since the beginning of the study
  TrialPrediction predicted = {};            ///< of all its epochs, before each part began; 0: not known
  std::vector<double> place;
  Value parameters;
};

/// What is known of a study: all that its report, its page and its summary show.
struct StudyResult {
  std::string folder, metric, sampler, end;
  std::vector<std::string> stoppers;
  bool maximizes = false;
  std::int64_t epochs = 0;  ///< of a whole trial of the last stage
  std::vector<ListedTrial> trials;
  std::optional<std::size_t> best;
  SearchSpace space;               ///< of the last stage, with the bounds as they are now
  std::vector<double> importance;  ///< by parameter; empty if it is not known
  FinalComparison final;           ///< without runs if there was none
  std::vector<std::string> notes;
  double seconds = 0;  ///< of all trainings of trials
};
StudyResult result_of(StudyDesk& desk, StudyStore& store, const std::string& folder, const std::string& end);

/// One sentence for each cause: "21 trials stopped because their loss exploded: update.optimizer.learning_rate > 0.03".
std::vector<std::string> cause_texts(const StudyResult& result);
/// "The optimum lies at the upper edge of update.optimizer.learning_rate: ..." for each bound near which the best trials are.
std::vector<std::string> edge_texts(const StudyResult& result);
/// One line for each trial: trial, stage, state, cause, epochs, value, seconds, and its parameters.
std::string result_to_csv(const StudyResult& result);
/// The output of `tend tune --json`, and summary.json.
Value result_to_value(const StudyResult& result);

}  // namespace tend
