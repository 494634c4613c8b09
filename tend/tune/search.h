#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "tend/experiment/key_tables.h"
#include "tend/experiment/tune_settings.h"
#include "tend/tune/sampler_registry.h"
#include "tend/tune/stopper_registry.h"
#include "tend/tune/study.h"

namespace tend {

/// What is to be done next in a search.
struct Assignment {
  std::size_t trial = 0;
  std::size_t from_step = 0, to_step = 0;  ///< make the steps from_step + 1 .. to_step
};

/// What became of an assignment.
struct TrialReport {
  std::vector<double> values, training;                        ///< of its steps; training losses only if they are known
  double original = std::numeric_limits<double>::quiet_NaN();  ///< the training loss before the first step, if it is known
  std::vector<std::string> findings = {};                      ///< names of rules that found something wrong
  bool is_whole = false;     ///< the training has ended by itself: the trial is completed, whatever steps are left
  std::string trouble = {};  ///< why the trial cannot go on, as one word with hyphens: it is stopped
};

/// A search by ask and tell: whoever trains asks what to do, and tells the values. Several assignments may be out at once. The
/// same answers to the same questions give the same search on every machine.
class Search {
 public:
  /// Throws Error{usage} with the key that is wrong. `where` is the name of the file.
  Search(const TuneSettings& settings, std::uint64_t seed, const std::string& where = "tune",
         const Registry<SamplerEntry>& samplers = builtin_samplers(),
         const Registry<StopperEntry>& stoppers = builtin_stoppers());

  /// What ask() would give: a trial that goes on, nothing for a new trial, or one sentence that says why there is none.
  std::variant<std::optional<std::size_t>, std::string> decide() const;
  /// The next assignment, or one sentence that says why there is none. `place`: that of a new trial, where it is known already;
  /// empty: the sampler chooses it.
  std::variant<Assignment, std::string> ask(const std::vector<double>& place = {});
  /// Whether a trial can be given: a new one, or one that waits, and has not so many steps yet.
  bool can_give(std::size_t trial, std::size_t to_step) const;
  /// Gives a trial that can be given, up to this step, as it was decided before, perhaps by other rules.
  Assignment give(std::size_t trial, const std::vector<double>& place, std::size_t to_step);
  /// Takes the values of a trial's assignment, at most as many as it has steps, and the training losses if they are known. Fewer
  /// values leave the rest to do. Throws Error{usage} if the trial has no assignment.
  const SearchTrial& tell(std::size_t trial, const TrialReport& report);
  const SearchTrial& tell(std::size_t trial, const std::vector<double>& values, const std::vector<double>& training = {}) {
    return tell(trial, TrialReport{.values = values, .training = training, .trouble = {}});
  }
  /// Moves the bounds of a parameter with a range; trials keep their values. Throws Error{usage} if the new bounds do not hold
  /// the values of all trials.
  void move_bounds(std::size_t parameter, double low, double high);
  /// Goes this far from now on; 0: no limit.
  void take_limits(std::size_t trials, std::size_t budget_steps) {
    study_.most_trials = trials;
    study_.budget_steps = budget_steps;
  }
  /// What messages call a step.
  void call_steps(std::string name) { study_.step_name = std::move(name); }
  /// Searches this space instead; requires that there is no trial yet.
  void take_space(SearchSpace space);
  /// The values of the parameters of a trial.
  Value parameters(std::size_t trial) const { return study_.space.at(study_.trials.at(trial).units); }

  const Study& study() const { return study_; }
  std::string sampler() const { return std::string(sampler_->name()); }
  std::vector<std::string> stoppers() const;
  bool wants_findings() const;

 private:
  Assignment assign(SearchTrial& trial);
  std::size_t steps_left() const;

  Study study_;
  std::shared_ptr<const SamplerEntry> sampler_;
  std::vector<std::shared_ptr<const StopperEntry>> stoppers_;
};

/// The shelves samplers and stoppers in the form in which an experiment file names them: for the schema and the reference.
std::vector<KeyShelf> search_shelves();

}  // namespace tend
