#pragma once
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "tend/study/trial_plans.h"
#include "tend/train/training.h"
#include "tend/tune/search.h"

namespace tend {

/// The states of suspended trials: in memory up to a limit, beyond it and where they were dear to make on disk, in the folders
/// trials/NUMBER of the study. May be used from many threads.
class TrialStates {
 public:
  /// `folder`: of the study. `most_bytes`: in memory.
  TrialStates(std::string folder, std::int64_t most_bytes) : folder_(std::move(folder)), most_bytes_(most_bytes) {}

  /// Takes out the state of a trial with at most this many epochs; if there is none in memory, the newest checkpoint.
  std::optional<TrainingState> take(std::size_t trial, std::int64_t epochs, const std::shared_ptr<const Plan>& plan);
  /// Keeps a state that took `seconds` of training since it was on disk. `is_safe`: it must be on disk.
  void keep(std::size_t trial, const TrainingState& state, double seconds, bool is_safe);
  /// A trial that does not go on needs no state.
  void forget(std::size_t trial);
  /// Writes to disk what would take more than `seconds` to make again.
  void save_all(double seconds);

 private:
  struct Held {
    std::size_t trial = 0;
    TrainingState state;
    std::int64_t bytes = 0;
    double seconds = 0;  ///< of training that are not on disk
  };
  std::string folder_of(std::size_t trial) const { return folder_ + "/trials/" + std::to_string(trial); }
  void save(Held& held);

  std::string folder_;
  std::int64_t most_bytes_, bytes_ = 0;
  std::mutex mutex_;
  std::list<Held> held_;  ///< the last used one at the end
};

/// What came out of an assignment's epochs.
struct TrialResult {
  TrialReport report;
  std::optional<TrainingState> state;  ///< at the last epoch; nothing if the trial cannot go on
  bool was_interrupted = false;        ///< `stop` was requested: state is where it stopped, the report is empty
  double seconds = 0;
};

/// Makes the epochs from + 1 .. to of a trial. `state`: after at most `from` epochs; nothing: from the start. The bits are those
/// of a training that was never suspended. `is_watched`: the report has what the watching rules find in these epochs.
TrialResult make_epochs(const std::shared_ptr<const Plan>& plan, const std::optional<TrainingState>& state, std::int64_t from,
                        std::int64_t to, int threads, std::stop_token stop, bool is_watched = false);

}  // namespace tend
