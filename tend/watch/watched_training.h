#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tend/check/preflight.h"
#include "tend/diagnose/diagnose.h"
#include "tend/monitor/monitor.h"
#include "tend/repair/tournament.h"
#include "tend/train/plan.h"
#include "tend/train/training.h"
#include "tend/trial/score.h"

namespace tend {

/// A repair that was made: what was wrong, how it was known, what was changed, what it brought.
struct Repair {
  std::int64_t step = 0;           ///< where it was made; 0: before the first step
  std::int64_t goes_on_from = 0;   ///< the step from which the training goes on; 0: it began anew
  std::string by, cause, message;  ///< the check or rule; its cause and first sentence
  std::string remedy;              ///< whose changes they are: a name on the shelf repair/remedies, or `by`
  Changes changes;
  std::vector<Value> old;  ///< the values before the changes; null where there was none
  Comparison comparison;
  std::string text() const;  ///< one line for people
};
/// The values that changes replace; null where there was none.
std::vector<Value> old_values(const Experiment& experiment, const Changes& changes);
/// The array "repairs" of interface.md.
Value repairs_to_value(const std::vector<Repair>& repairs);

struct WatchOptions {
  TrainingOptions training;
  PreflightOptions checks;                     ///< its level is watch.checks of the experiment
  const Registry<RuleEntry>* rules = nullptr;  ///< nullptr: builtin_rules(); must outlive the training
  const Registry<RemedyEntry>* remedies = nullptr;
  std::function<void(Training&)> at_start;       ///< called with each training before its first step: start_from()
  std::function<void(const Repair&)> on_repair;  ///< after the repair: the training is the repaired one
  /// A finding that is a warning or critical, while the training runs.
  std::function<void(const Finding&)> on_finding;
  /// The training goes on from this earlier step; 0: it begins anew. What was told of later steps no longer holds.
  std::function<void(std::int64_t step)> on_return;
  TournamentOptions tournament;
  int most_repairs = 6;
};

/// A training that is looked after, as experiment.watch says. `observe`, `advise` and `stop` do not change a bit of it. `repair`
/// changes it where a check or a finding shows that something is wrong and a paired trial shows that the change helps
/// (repair/tournament.h).
class WatchedTraining {
 public:
  /// As Training. `data` must outlive this object.
  WatchedTraining(const Experiment& experiment, const Dataset& data, WatchOptions options = {});
  WatchedTraining(const WatchedTraining&) = delete;
  WatchedTraining& operator=(const WatchedTraining&) = delete;

  /// Runs the checks of watch.checks before the first step; under policy repair then repairs what they show. Returns the report
  /// of the training as it was given.
  const PreflightReport& check();
  /// Makes one update. Returns false when the training has ended, and nothing is to be repaired any more. Under policy stop a
  /// warning ends it.
  bool step();
  /// Steps until the end, and returns the summary.
  const Summary& run();
  /// Ends the training, as Training::interrupt.
  void interrupt();
  /// Ends the training with this reason, as Training::stop.
  void stop(const std::string& reason);
  /// The state of the training and of what watches it. Another watched training of the same data goes on with it as if it had
  /// never stopped, with the same findings and repairs; what was repaired is counted, but not in repairs().
  TrainingState state() const;
  /// Goes on from a checkpoint of such a state, as Training::resume.
  std::vector<std::string> resume(std::span<const std::byte> bytes, const std::string& name, bool may_differ = false);
  /// After a change of the training from outside, such as more epochs: what was usual before does not hold, and the training does
  /// not return to a state before it.
  void forget_before_change();
  /// What the rules find in the history so far; after the end, what they found.
  std::vector<Finding> findings() const;
  Training& training() { return *training_; }
  const Training& training() const { return *training_; }
  /// With the repairs: that of the last step, also where the state that is kept at the end is of an earlier one.
  const Experiment& experiment() const { return (last_ ? *last_ : training_->engine().plan()).experiment(); }
  bool has_alarms() const;  ///< of the checks as they were at first, or of the rules now
  const History& history() const { return monitor_->history(); }
  const std::vector<Repair>& repairs() const { return repairs_; }
  /// Of a resumed training: how many repairs it had before; nothing if its checkpoint does not say so.
  std::optional<int> earlier_repairs() const { return earlier_repairs_; }
  /// Under policy repair: sets of changes that were compared with the unchanged training.
  std::int64_t tried() const { return tried_; }
  /// The experiment with the changes that the alarms advise, which nobody has verified; `changes` says which. Empty if there are
  /// none.
  std::optional<Experiment> advised(std::string* changes = nullptr) const;

 private:
  void begin(const Experiment& experiment, bool tells_notes);
  void forward(const Event& event, bool tells_notes);
  void tell_monitor();
  std::vector<Finding> found() const;
  void look();
  void tell_end();
  bool repair_in_flight(const Finding& finding);
  bool roll_back(const Finding& finding);
  void keep_state();
  bool may_repair() const { return earlier_repairs_.value_or(0) + static_cast<int>(repairs_.size()) < options_.most_repairs; }
  std::optional<std::int64_t> go_back_before(std::int64_t step);
  std::optional<Score> score_at(std::int64_t until, const Changes& changes, const ScoredRows& scored) const;
  bool intervene(const Finding& finding);
  bool stop_earlier(const Finding& finding);
  bool begin_anew(const Finding& finding);
  bool repair_end();
  void add_repair(Repair repair, std::optional<std::int64_t> returned_to);
  bool repair_start();
  struct Attempt {
    CheckLine line;  // the alarm that it is made against
    Proposal proposal;
  };
  static void add(std::vector<Attempt>& all, const CheckLine& line, Proposal proposal);
  const Registry<RemedyEntry>& remedies() const { return options_.remedies ? *options_.remedies : builtin_remedies(); }
  Changes advised_together() const;
  void measure_advised_rate();
  std::vector<Attempt> attempts(const TrialContext& context) const;
  std::vector<Attempt> deeper_attempts() const;
  bool make_best(const std::vector<Attempt>& attempts, const TrialContext& context, const TournamentOptions& options);
  void make(Repair repair, Experiment next);
  Experiment anew(const Changes& changes) const;
  void check_again(const Changes& made, bool may_learn_well);

  const Dataset& data_;
  WatchOptions options_;
  Value given_interventions_;
  std::unique_ptr<Monitor> monitor_;
  std::unique_ptr<Training> training_;
  PreflightReport report_, present_report_;
  Changes rate_with_others_ = {};  // under policy advise
  std::vector<Repair> repairs_;
  std::vector<std::string> told_;          // findings, by rule and layer
  std::vector<std::string> intervened_;    // those of them that an intervention has answered
  std::shared_ptr<const Plan> last_ = {};  // of an ended training
  std::optional<Event> ended_;             // not yet told
  bool ended_epoch_ = false;
  std::vector<TrainingState> kept_;  // under policy repair: of the last steps
  std::int64_t last_kept_ = 0;       // the step of the last of them
  int returns_ = 0;
  std::int64_t tried_ = 0;
  std::optional<int> earlier_repairs_ = {};  // before the training was resumed
  std::int64_t looked_at_ = 0;               // the step of the last look
};

}  // namespace tend
