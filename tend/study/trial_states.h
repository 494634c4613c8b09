#pragma once
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "tend/store/shared_database.h"
#include "tend/train/training.h"

namespace tend {

/// Where states of suspended trials outlive their process. Each keeps the newest two of a trial. For one thread at a time.
class StatePlace {
 public:
  virtual ~StatePlace() = default;
  /// Keeps a state. Throws Error{write} where it cannot.
  virtual void save(std::size_t trial, const TrainingState& state) = 0;
  /// The newest whole state of a trial with at most this many epochs.
  virtual std::optional<TrainingState> newest(std::size_t trial, std::int64_t epochs,
                                              const std::shared_ptr<const Plan>& plan) = 0;
  virtual void remove(std::size_t trial) = 0;
};

/// Checkpoints in the folders trials/NUMBER of a study: for processes of one machine.
class StateFolder : public StatePlace {
 public:
  explicit StateFolder(std::string folder) : folder_(std::move(folder)) {}
  void save(std::size_t trial, const TrainingState& state) override;
  std::optional<TrainingState> newest(std::size_t trial, std::int64_t epochs, const std::shared_ptr<const Plan>& plan) override;
  void remove(std::size_t trial) override;

 private:
  std::string folder_of(std::size_t trial) const { return folder_ + "/trials/" + std::to_string(trial); }
  std::string folder_;
};

/// Checkpoints in the table "state" of a study's database, in parts of some megabytes: for processes of several machines.
class StateTable : public StatePlace {
 public:
  explicit StateTable(std::unique_ptr<SharedDatabase> database);
  void save(std::size_t trial, const TrainingState& state) override;
  std::optional<TrainingState> newest(std::size_t trial, std::int64_t epochs, const std::shared_ptr<const Plan>& plan) override;
  void remove(std::size_t trial) override;

 private:
  std::optional<std::string> bytes_of(std::size_t trial, std::int64_t step, const std::string& sha256);
  std::unique_ptr<SharedDatabase> database_;
};

/// The states of suspended trials: in memory up to a limit, beyond it and where they were dear to make in their place. May be
/// used from many threads.
class TrialStates {
 public:
  /// `most_bytes`: in memory.
  TrialStates(std::unique_ptr<StatePlace> place, std::int64_t most_bytes) : place_(std::move(place)), most_bytes_(most_bytes) {}

  /// Takes out the state of a trial with at most this many epochs; if there is none in memory, the newest checkpoint.
  std::optional<TrainingState> take(std::size_t trial, std::int64_t epochs, const std::shared_ptr<const Plan>& plan);
  /// Keeps a state that took `seconds` of training since it was saved. `is_safe`: it must be saved.
  void keep(std::size_t trial, const TrainingState& state, double seconds, bool is_safe);
  /// A trial that does not go on needs no state.
  void forget(std::size_t trial);
  /// Saves what would take more than `seconds` to make again.
  void save_all(double seconds);

 private:
  struct Held {
    std::size_t trial = 0;
    TrainingState state;
    std::int64_t bytes = 0;
    double seconds = 0;  ///< of training that are not saved
  };
  void save(Held& held);

  std::unique_ptr<StatePlace> place_;
  std::int64_t most_bytes_, bytes_ = 0;
  std::mutex mutex_;
  std::list<Held> held_;  ///< the last used one at the end
};

}  // namespace tend
