#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "tend/data/dataset.h"
#include "tend/experiment/change.h"
#include "tend/kernels/functions.h"
#include "tend/train/importance.h"
#include "tend/train/metrics.h"
#include "tend/train/model.h"

namespace tend {

class Plan;  // train/plan.h
class Run;   // train/run.h
struct Snapshot;

struct EpochReport {
  std::int64_t epoch = 0, steps = 0;  ///< both count from 1
  double batch_loss = 0;              ///< mean of the batches' losses
  double learning_rate = 0;           ///< of the last step
  double seconds = 0;                 ///< since training began
  double examples_per_second = 0;
  Metrics train = {}, validation = {};
  bool is_best = false;
};

/// What a run reports while it is running. Sent on the thread that calls step() or run().
struct Event {
  enum class Kind { note, started, step, epoch, ended };
  Kind kind = Kind::note;
  std::string text = {};                  ///< note: one sentence (initializer chosen, rows left out ...)
  std::int64_t step = 0, steps = 0;       ///< the present step, and the number of steps of the whole run
  double loss = 0;                        ///< of the step's batch
  double learning_rate = 0, seconds = 0;  ///< of the step
  const EpochReport* epoch = nullptr;     ///< epoch
};

/// What became of one network of a pack.
struct MemberReport {
  std::int64_t number = 0;                     ///< which of all that were drawn, from 0
  double learning_rate = 0, weight_decay = 0;  ///< its own: those of the experiment times its factors
  std::int64_t begun_step = 0;                 ///< the step before its first; not 0 where it took the place of a bad one
  double loss = 0;                             ///< on held-out rows; NaN without them
  double share = 0;                            ///< in the average that is the model; 0: it is not part of the model
  Value layers = {};                           ///< its own, where the networks of the pack differ in them; otherwise null
};

struct Summary {
  std::string status;       ///< completed, stopped, diverged, interrupted, failed
  std::string stop_reason;  ///< one sentence
  std::int64_t epochs = 0, steps = 0;
  double seconds = 0, examples_per_second = 0, median_step_seconds = 0, p99_step_seconds = 0, median_loading_seconds = 0;
  int threads = 1;
  std::int64_t peak_memory_bytes = 0;
  std::optional<std::int64_t> first_nan_step;
  Metrics initial, train, validation, test;
  std::int64_t best_epoch = 0;
  Metrics best_validation;
  Metrics baseline;           ///< of a predictor that uses only the training targets, on the last part that has rows
  std::string baseline_text;  ///< what it predicts: "baseline: most frequent class"
  std::int64_t baseline_rows = 0;
  Metrics linear;  ///< of a linear model on the same part (train/linear_model.h); empty where none was made
  double temperature =
      1;  ///< of the model's probabilities (train/calibration.h); train, validation and test are measured with it
  double calibration_error_before = 0;  ///< on the validation rows, at temperature 1; NaN if it was not measured
  DataNotes data_notes;                 ///< of reading, splitting and preparing the data
  std::int64_t train_rows = 0, validation_rows = 0, test_rows = 0, parameters = 0;
  std::vector<MemberReport> members;     ///< of a pack; empty for a single network
  std::optional<ColumnEffects> columns;  ///< of a table: which columns matter, and how the answers depend on them
  std::vector<EpochReport> history;
};

struct TrainingOptions {
  int threads = 0;  ///< 0: usual_threads()
  Isa isa = best_isa();
  std::function<void(const Event&)> on_event;
  std::stop_token stop;
  DataPlaces places;                 ///< for parts given by path
  const Shelves* shelves = nullptr;  ///< where names are looked up; must outlive the Training; nullptr: builtin_shelves()
  /// A trial of a search needs only the curve: no thread makes its batches ahead, metrics of training rows are measured only if
  /// one of them is watched, and nothing is measured after the last step.
  bool is_trial = false;
  bool measures_training_rows = false;  ///< in a trial, too
  /// False: after an epoch only the main metrics (is_main_metric) and that of train.metric, at the start only the main ones.
  /// True: all of the task.
  bool measures_all_metrics = true;
};

struct TrainingState;
/// What somebody who watches a training remembers of it, in his own form. Checkpoints keep it as it is.
struct WatcherMemory {
  Value facts;
  std::map<std::string, std::vector<double>> numbers;
  std::vector<TrainingState> kept;  ///< earlier states to which the training may return
};

/// A training at one moment: the run's block and what the loop remembers besides.
struct TrainingState {
  std::shared_ptr<const Snapshot> now, best, good;  ///< best: of the best epoch, if it is kept; good: the last finite one
  Metrics initial;
  std::vector<EpochReport> history;
  std::optional<std::int64_t> first_nan_step;
  double seconds = 0, training_seconds = 0;           ///< since the beginning: of the clock, and of steps alone
  std::shared_ptr<const WatcherMemory> watcher = {};  ///< nullptr: nobody watches
};

/// The loop over a Run: epochs, metrics, early stopping, events. The constructor splits and prepares the data, compiles the
/// network and initializes the state.
class Training {
 public:
  /// The experiment must be literal. `data` is the whole source; it is split as experiment.data says.
  Training(const Experiment& experiment, const Dataset& data, TrainingOptions options = {});
  /// A training of a plan that exists, which shares its data and Programs with others. `places` and `shelves` are the plan's.
  explicit Training(std::shared_ptr<const Plan> plan, TrainingOptions options = {});
  ~Training();
  Training(Training&&) noexcept;

  /// Makes one update. Returns false when the run has ended (all epochs, early stop, not finite, stop requested).
  bool step();
  /// Steps until the end, evaluates, and returns the summary.
  const Summary& run();
  const Summary& summary() const;
  /// A copy of the best state if early stopping restores it, otherwise of the present one. If that state is not finite, a copy of
  /// the last finite one.
  Model model() const;
  /// The run that makes the steps, for reading: plan, state, counters.
  const Run& engine() const;
  /// The whole state of the training. A training on the same data that restores it, this one or another, continues with the same
  /// bits.
  TrainingState state() const;
  void restore(const TrainingState& state);
  /// The state as bytes (train/checkpoint.h), and a training that goes on with it: the same bits as if it had never stopped, on
  /// any number of threads. Throws Error{data} if the bytes are damaged; Error{usage} if the data, the instruction set or the
  /// version differ, unless `may_differ`. Returns what differs.
  std::vector<std::byte> checkpoint() const;
  std::vector<std::string> resume(std::span<const std::byte> bytes, const std::string& name = "checkpoint",
                                  bool may_differ = false);
  /// Why a training that goes on from a state has no step to make: its epochs are done, or early stopping ended it; "" if it has.
  std::string nothing_left() const;
  /// Before the first step: takes the weights and statistics of a model by name and shape. Returns the names taken.
  std::vector<std::string> start_from(const Model& model);
  /// Goes back to the last state that was finite at the end of an epoch, or at the start; metrics of later epochs are dropped. An
  /// ended training goes on from there. Returns its step; nothing if there is no such state.
  std::optional<std::int64_t> roll_back();
  /// Ends the training between two steps with the status "stopped" and this reason.
  void stop(const std::string& reason);
  /// Ends the training between two steps, as if a stop had been requested after the last one.
  void interrupt();
  /// Changes the experiment between two steps (Run::change). Returns the state before the change; restore() takes it.
  TrainingState change(const std::vector<Change>& changes);
  /// The Programs as a readable listing: operations, FLOPs, bytes, memory.
  std::string listing() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace tend
