#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>

#include "tend/study/trial_plans.h"
#include "tend/train/training.h"
#include "tend/tune/search.h"

namespace tend {

/// What came out of an assignment's epochs.
struct TrialResult {
  TrialReport report;
  std::optional<TrainingState> state;  ///< at the last epoch; nothing if the trial cannot go on
  bool was_interrupted = false;        ///< `stop` was requested: state is where it stopped, the report is empty
  double seconds = 0;
};

/// Makes the epochs from + 1 .. to of a trial. `state`: after at most `from` epochs; nothing: from the start. The bits are those
/// of a training that was never suspended. Of the metrics only the main ones and the study's are measured; the rules read no
/// others. `is_watched`: the report has what the watching rules find in these epochs.
TrialResult make_epochs(const std::shared_ptr<const Plan>& plan, const std::optional<TrainingState>& state, std::int64_t from,
                        std::int64_t to, int threads, std::stop_token stop, bool is_watched = false);

}  // namespace tend
