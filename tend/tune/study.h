#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tend/tune/space.h"

namespace tend {

enum class TrialState {
  running,    ///< its next steps are being made
  waiting,    ///< suspended: it may go on later
  stopped,    ///< ended before its last step, with a cause
  completed,  ///< has made all its steps
};
std::string_view name_of(TrialState state);

/// A trial of a search: its place in the space and the values of its steps so far. A value that is not finite is kept as it is.
struct SearchTrial {
  std::size_t number = 0;
  std::vector<double> units;     ///< one place in [0, 1] for each parameter of the space
  std::vector<double> values;    ///< the value of each step, from the first
  std::vector<double> training;  ///< the training loss of each step; fewer or none if it is not known
  double original = std::numeric_limits<double>::quiet_NaN();  ///< the training loss before the first step, if it is known
  std::vector<std::string> findings;  ///< names of rules that found something wrong; only if a stopper wants them
  TrialState state = TrialState::running;
  std::string cause;     ///< why it waits or was stopped, as one word of a stopper; "": none
  std::size_t upto = 0;  ///< the step that it may make now

  std::size_t steps() const { return values.size(); }
  /// Has it made this many steps, or ended by itself before?
  bool has_reached(std::size_t count) const { return steps() >= count || state == TrialState::completed; }
};

/// A search in memory: its space and its trials in the order in which they began.
struct Study {
  SearchSpace space;
  std::uint64_t seed = 0;
  bool maximizes = false;
  std::size_t steps = 1;           ///< of a whole trial
  std::string step_name = "step";  ///< what messages call it
  std::size_t budget_steps = 0;    ///< the most steps of all trials together; 0: any number
  std::size_t most_trials = 0;     ///< 0: any number
  std::vector<SearchTrial> trials;

  /// Adds a trial and returns its number. Requires one place for each parameter.
  std::size_t add(std::vector<double> units);
  /// Adds the values of a trial's next steps. Throws Error{usage} if there is no such trial.
  void report(std::size_t trial, const std::vector<double>& values, const std::vector<double>& training = {});
  /// Returns the steps that all trials have made.
  std::size_t steps_made() const;
  /// The trials that the budget pays for if each is completed; 0: any number.
  std::size_t whole_trials() const;

  /// Returns a value so that less is better; infinity if it is not finite.
  double cost(double value) const;
  /// The costs of a trial's steps: training losses if they are known, otherwise its values if they are a loss; otherwise none.
  std::vector<double> costs(const SearchTrial& trial) const;
  /// The cost before the first step; where it is not known, that of the first step. NaN if there is none.
  double original_cost(const SearchTrial& trial) const;
  /// Returns the least cost of a trial's first `steps` steps; infinity if no value is finite.
  double least_cost(const SearchTrial& trial, std::size_t steps) const;
  /// Returns the best finite value of a trial, or nothing if it has none.
  std::optional<double> best_value(std::size_t trial) const;
  /// Returns the number of the trial with the best value, or nothing. Of equal trials, the earlier one.
  std::optional<std::size_t> best_trial() const;
  /// The trials with a value, the best first.
  std::vector<std::size_t> ranking() const;
  /// Is a trial of the same values there? Continuous parameters are the same only if their places are equal.
  bool has(const std::vector<double>& units) const;
};

}  // namespace tend
