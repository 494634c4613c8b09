#pragma once
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tend/record/record.h"
#include "tend/train/training.h"

namespace tend {

/// Writes a run's record and checkpoints on a thread of its own, so that no step waits for the disk. What is given to it is
/// written in order, in batches: a checkpoint is written only after the record of all steps before it. If the disk is full or
/// fails, the run goes on: what is to be written stays in memory (at most about 64 MB; more is left out, and counted) and is
/// written when there is room. All calls from one thread.
class Keeper {
 public:
  /// `run`: the folder of the run, which must exist. `step`: from which it goes on, 0 for a new run: what a record in the folder
  /// has after this step is removed. Throws Error{write} if the record cannot be made.
  Keeper(const std::string& run, std::int64_t step);
  ~Keeper();  ///< writes what is left, if the disk allows it
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  /// The values of a step, by the names of `step_series`.
  static const std::vector<std::string>& step_series();
  void step(std::int64_t number, double loss, double learning_rate, double seconds);
  void epoch(const EpochReport& report);
  void note(std::int64_t step, const std::string& kind, const std::string& text);
  /// The last window of each parameter, if it is of steps after the one given before.
  void windows(const std::vector<ParameterHistory>& parameters);
  /// The newest look at the layers and at the noise of the gradient, if it is after the one given before.
  void look(const std::vector<LayersLook>& looks);
  void noise(const std::vector<NoiseLook>& looks);
  void about(const std::string& key, Value value);
  void file(const std::string& name);  ///< of the run's folder: its size and SHA-256; nothing if it is not there

  /// Asks for a checkpoint. Returns at once; one that waits to be written is replaced.
  void checkpoint(TrainingState state);
  /// Has the last checkpoint been asked for so long ago, and is the writer free? `seconds` between two; 0: never.
  bool is_due(double seconds) const;
  /// Waits until all that was given is written, or the disk refuses it. Returns false then.
  bool flush();
  /// What the disk refused last, and what was left out; "" if all is well.
  std::string trouble() const;
  std::int64_t saved_step() const;  ///< of the newest checkpoint that is safe; -1: none
  /// After the last call: puts the record into one file.
  void close();

 private:
  void hand_over();
  void work();
  bool write(Record::Batch& batch, std::unique_ptr<TrainingState>& state);

  std::string run_;
  std::unique_ptr<Record> record_;
  StepBlock block_;      // of the calling thread
  Record::Batch batch_;  // likewise
  double handed_over_ = 0, asked_ = 0;
  std::int64_t last_window_ = 0;                 // the last step of the windows given
  std::int64_t last_look_ = 0, last_noise_ = 0;  // the steps of the looks given last
  bool knows_parameters_ = false;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Record::Batch waiting_;  // guarded by mutex_, as all below
  std::unique_ptr<TrainingState> waiting_state_;
  std::string trouble_;
  std::int64_t saved_step_ = -1, oldest_step_ = 0, left_out_ = 0, given_ = 0, done_ = 0, tries_ = 0;
  bool is_writing_ = false, ends_ = false;
  std::thread thread_;
};

}  // namespace tend
