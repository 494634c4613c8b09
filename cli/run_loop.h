#pragma once
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli.h"
#include "progress.h"
#include "tend/record/keeper.h"
#include "tend/record/run_directory.h"
#include "tend/watch/watched_training.h"

namespace tend {

/// The signal that asked the run to end, or 0. A second one ends the program at once.
int signal_of_run();
/// SIGINT and SIGTERM ask the run to end; a closed pipe and a limit of file sizes are errors of writing.
void catch_signals();

/// A training in its folder: progress on the terminal, metrics.csv, the record and checkpoints.
class RunLoop {
 public:
  /// `seconds`: between two checkpoints; 0: none but the last. `step`: from which a resumed run goes on; 0 for a new run.
  RunLoop(RunDirectory& directory, bool is_quiet, const std::string& watched, double seconds);
  /// For TrainingOptions::on_event.
  void on_event(const Event& event);
  /// Takes findings, repairs and returns of a training from here on; the loop must outlive it.
  void listen(WatchOptions& options);
  /// Notes that an earlier run of the same command has printed are not printed again. `said` must outlive the loop.
  void says_once(std::set<std::string>& said) { said_ = &said; }
  /// Opens the record, once experiment.toml is there.
  void open_record(std::int64_t step);
  Keeper& keeper() { return *keeper_; }
  /// For a run that goes on: the epochs that have ended.
  void goes_on_after(std::int64_t epoch) { progress_.goes_on_after(epoch); }
  /// For a run that goes on: the repairs that it has had.
  void had_repairs(Value repairs) { earlier_repairs_ = std::move(repairs); }
  /// Saves the state before the first step, so that every run with an experiment.toml can go on. Throws Error{write}.
  void save_start(const WatchedTraining& watched);
  /// Runs the checks before the first step, prints alarms on stderr, and repairs under policy "repair". Returns the name of a
  /// failed check, or "".
  std::string check(WatchedTraining& watched);
  std::size_t repairs_of(const WatchedTraining& watched) const {  ///< of the run, those before it was resumed among them
    return earlier_repairs_.array_items().size() + watched.repairs().size();
  }
  const Value& findings() const { return findings_; }  ///< as findings_to_value() writes them
  /// Ends the training when this time of the clock (seconds_now()) is reached; `text`: the time that the user gave.
  /// `may_shorten`: nobody asked for that many epochs, so fewer are trained where the time has room for no more, and the learning
  /// rate falls to its end with them.
  void ends_at(double seconds, std::string text, bool may_shorten) {
    ends_at_ = seconds, time_text_ = std::move(text), may_shorten_ = may_shorten;
  }
  /// Of a run that has ended: where the time had room for fewer epochs than planned, a sentence that says so, and how to train
  /// the others; otherwise "".
  std::string text_of_shortened(const Summary& summary) const;
  /// Steps until the end, watched, and diagnoses. A signal leaves a checkpoint, then ends the run.
  const Summary& run(WatchedTraining& watched);
  /// Writes model, summary and record. Returns the error of the first that could not be written.
  std::optional<Error> finish(const WatchedTraining& watched);

 private:
  void on_repair(const Repair& repair);
  void on_finding(const Finding& finding);
  void on_return(std::int64_t step);
  void warn_of_trouble();
  void keep_open_checks(const WatchedTraining& watched);
  void keep_repairs(const WatchedTraining& watched);
  void fit_epochs(WatchedTraining& watched);
  bool is_time_over(const WatchedTraining& watched) const;
  double seconds_of_end(const WatchedTraining& watched) const;
  RunDirectory& directory_;
  bool is_quiet_;
  ProgressDisplay progress_;
  double seconds_, ends_at_ = 0, began_ = 0;  // began_: the first step of this process
  std::string time_text_;
  std::unique_ptr<Keeper> keeper_;
  const WatchedTraining* watched_ = nullptr;
  Value earlier_repairs_ = Value::array();
  Value findings_ = Value::array();
  std::vector<std::string> early_notes_;
  std::vector<std::string> unsaid_;  // repairs, which follow the alarms of the checks
  std::set<std::string>* said_ = nullptr;
  std::int64_t made_ = 0, fit_ = 0, most_epochs_ = 0;  // steps of this process; epochs as fitted to the time, and at most
  std::size_t fitted_ = 0;                             // how often they were fitted
  bool ended_epoch_ = false, is_checking_ = false, may_shorten_ = false;
};

}  // namespace tend
