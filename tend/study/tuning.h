#pragma once
#include <algorithm>
#include <atomic>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "tend/base/text.h"
#include "tend/data/dataset.h"
#include "tend/study/final_runs.h"
#include "tend/study/study_desk.h"
#include "tend/study/trial_cost.h"
#include "tend/study/trial_states.h"
#include "tend/study/trial_training.h"
#include "tend/train/training.h"

namespace tend {

/// What a study reports while it runs; on any thread, one event at a time.
struct TuningEvent {
  enum class Kind { note, trial, final_run };
  Kind kind = Kind::note;
  std::string text = {};             ///< note: one sentence
  const StoredWork* work = nullptr;  ///< trial: the assignment that has ended, with its report
  bool is_best = false;              ///< trial: no trial had a better value before
  double value = 0;                  ///< trial: the best of its values in this assignment
  std::size_t done = 0, of = 0;      ///< final_run: trainings of the final comparison
};

struct TuningOptions {
  int threads = 0;     ///< 0: usual_threads()
  double seconds = 0;  ///< of the whole study in this process; 0: no limit
  DataPlaces places;   ///< for parts given by path
  std::stop_token stop;
  std::function<void(const TuningEvent&)> on_event;
  /// One sentence when a server that keeps the study does not answer, and when it answers again. On any thread, also while
  /// on_event runs.
  std::function<void(const std::string&)> on_waiting = {};
  bool has_inferred_space = false;  ///< then bounds may move unless tune.widen forbids it
  bool begins_as_given = true;      ///< the first trial has the values of the experiment, where they lie in the space
};

/// The experiment as files and pages may have it: without the password of its store.
Value shown_experiment(const Experiment& experiment);

/// A study: a search whose trials are trainings of an experiment with other values. Keeps everything in a folder: study.db (every
/// decision and result), trials/ (states of suspended trials), best/ (the run of the winner). With tune.store the first two are
/// on a PostgreSQL server. The same folder, or the same study on a server, goes on where it was; several processes may work on
/// it.
class Tuning {
 public:
  /// The experiment must be literal, with [tune] and its parameters. Throws Error{usage} if the space does not fit it, or if the
  /// folder holds another study.
  Tuning(const Experiment& experiment, const Dataset& data, const std::string& folder, TuningOptions options);
  ~Tuning();

  /// Searches until the study ends, the time is over or a stop is requested. Returns one sentence that says why.
  std::string search();
  /// Trains the best trials and the experiment as it was given with final_seeds seeds each. The one with the best mean on the
  /// validation rows wins: its run is kept in FOLDER/best, and the test rows, which nobody has seen, say how good it is. Does
  /// nothing if the search has found nothing, or if it was done before.
  void compare();

  StudyDesk& desk() { return *desk_; }
  StudyStore& store() { return store_; }
  TrialPlans& plans() { return plans_; }
  const TuneSettings& settings() const { return settings_; }
  const std::string& metric() const { return metric_; }
  /// What a whole trial like the latest one will take; 0: not known yet. May be called on any thread.
  double seconds_of_trial() const { return seconds_of_trial_; }
  std::size_t slots() const { return slots_; }

  /// The trainings of compare(), at most: the best trials and the experiment as it was given, each with tune.final_seeds seeds.
  std::int64_t trainings_of_comparison() const { return (most_finalists + 1) * static_cast<std::int64_t>(settings_.final_seeds); }

 private:
  static constexpr std::int64_t most_finalists = 2;  // beside the experiment as it was given
  void check_space();
  void open_study(const Experiment& experiment);
  void begin_study(const Experiment& experiment);
  void continue_study(const Experiment& experiment);
  Value limit() const;
  CourseOptions course_options();
  struct Workers;
  void work(Workers& workers);
  bool make(Workers& workers, StoredWork& job);
  bool can_end(Workers& workers, double least_seconds, double seconds);
  void keep_result(Workers& workers, StoredWork& job, const TrialResult& result, const std::string& trouble);
  void predict_trials(Workers& workers, int& count);
  void tell(const TuningEvent& event);
  void tell_of_others(Workers& workers);
  void watch_the_clock(Workers& workers);
  /// How many of `wanted` trainings, at least one, the free memory has room for.
  static int side_by_side(std::int64_t bytes_of_each, int wanted);
  double seconds_of_comparison();
  double seconds_of_trainings(double times_the_cost);
  double cost_of_pack(std::int64_t networks);
  int threads_of_a_trial() const { return std::max(1, threads_ / static_cast<int>(slots_)); }
  std::int64_t pack_that_fits();
  std::string time_is_over() const { return "the time of " + short_number(options_.seconds) + " s is over"; }
  struct Finalist {
    std::optional<std::size_t> trial;  ///< nothing: the experiment as it was given
    Value parameters;
    std::int64_t epochs = 1;
  };
  std::vector<Finalist> finalists(std::int64_t pack);
  std::vector<FinalRun> train_finalists(const std::vector<Finalist>& all, const std::vector<FinalRun>& known);
  bool are_first(const std::vector<FinalRun>& runs, const std::vector<Finalist>& all) const;
  FinalRun train_finally(const Finalist& finalist, std::uint64_t seed, int threads);
  void keep_winner(const Finalist& winner);

  TuningOptions options_;
  TuneSettings settings_;
  std::string folder_, metric_;
  std::vector<SearchStage> stages_;
  bool maximizes_ = false;
  std::size_t slots_ = 1;
  int threads_ = 1;
  double began_ = 0;
  StudyStore store_;
  TrialPlans plans_;
  TrialStates states_;
  std::unique_ptr<StudyDesk> desk_;
  TrialClock clock_;
  std::atomic<double> seconds_of_trial_ = 0;
  double cost_of_final_pack_ = 1;  ///< by that of a trial
  std::size_t notes_told_ = 0;
  double best_cost_ = std::numeric_limits<double>::infinity();
  double epoch_seconds_ = 0;  ///< of the epochs that this process made
  std::size_t epochs_made_ = 0;
  static constexpr std::size_t given_ = static_cast<std::size_t>(-1);
  std::map<std::size_t, std::pair<Model, Summary>> models_;  ///< of the comparison, from the experiment's own seed; by trial
  std::mutex events_;
};

}  // namespace tend
