#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tend/tune/search.h"

namespace tend {

/// A search of one stage: so many epochs for a whole trial, so many trials.
struct SearchStage {
  std::int64_t epochs = 1, trials = 0;
};
/// Reads tune.stages: [{ epochs = 2, trials = 40 }, { epochs = 10, trials = 20 }]. Without it, one stage of `epochs` and of
/// tune.trials. Throws Error{usage}.
std::vector<SearchStage> read_stages(const TuneSettings& settings, std::int64_t epochs);

/// An assignment as a study has it: its number in the order of decisions, its stage, and where it lies in planned time.
struct PlannedWork {
  std::size_t number = 0, stage = 0;
  std::size_t trial = 0;  ///< counted through all stages
  std::size_t from_epoch = 0, to_epoch = 0;
  std::size_t slot = 0;
  double starts = 0, ends = 0;  ///< planned time
  std::vector<double> place;    ///< of the trial in the space of its stage
};

/// How far a study goes, from a decision on: a study that has ended may be asked to go further.
struct StudyLimit {
  std::size_t from = 0;  ///< the number of the first decision under it
  std::int64_t trials = 0;
  double budget = 0;  ///< full trainings
};

struct CourseOptions {
  TuneSettings settings;
  std::vector<SearchStage> stages;
  std::uint64_t seed = 0;
  bool maximizes = false;
  std::vector<StudyLimit> limits = {};  ///< of a study without stages, after the one in settings
  std::vector<double> first_place =
      {};  ///< of the first trial: the values that the experiment has; empty: the sampler chooses it
  std::size_t slots = 1;
  bool widens = false;
  /// The planned cost of an epoch with these parameters, in any unit. Called once for each trial.
  std::function<double(const Value& parameters)> cost = [](const Value&) { return 1.0; };
  /// May a parameter take this value? Asked before its bounds move.
  std::function<bool(const std::string& parameter, const Value& value)> is_possible = [](const auto&, const Value&) {
    return true;
  };
};

/// All decisions of a study: which trial makes which epochs next. `slots` assignments are out at once, each in a slot of planned
/// time; results count in the order in which assignments end in planned time, whatever time they really took. So the decisions
/// are a function of the results only: any number of threads, processes and machines makes the same study, and a study that was
/// interrupted goes on by taking its results again.
class StudyCourse {
 public:
  explicit StudyCourse(CourseOptions options);

  /// The next assignment, if a slot is free and the search has one. `known`: the assignment as it was decided before, perhaps by
  /// other rules; nothing as long as results that were there then are not. Throws Error{data} if it cannot follow.
  std::optional<PlannedWork> next(const PlannedWork* known = nullptr);
  /// The number of the assignment whose result is needed for the next decision; nothing if none is out.
  std::optional<std::size_t> awaited() const;
  /// Takes the result of the awaited assignment.
  void take(const TrialReport& report);
  /// One sentence if nothing is out and nothing is to be done: why the study has ended. Otherwise "".
  const std::string& end() const { return end_; }

  /// The stages that have begun. Trials of stage s have the numbers first_trial(s) ...
  const std::vector<Search>& searches() const { return searches_; }
  std::size_t first_trial(std::size_t stage) const;
  std::size_t trials() const;
  const SearchTrial& trial(std::size_t number) const;
  std::size_t stage_of(std::size_t number) const;
  Value parameters(std::size_t number) const;
  const SearchStage& stage(std::size_t number) const { return options_.stages.at(number); }
  /// The best trial of the last stage that has one with a value; the trials of that stage with a value, the best first.
  std::optional<std::size_t> best() const;
  std::vector<std::size_t> ranking() const;
  /// What was decided beside trials, one sentence each: bounds that moved, stages that began.
  const std::vector<std::string>& notes() const { return notes_; }
  bool maximizes() const { return options_.maximizes; }
  /// How often bounds of the last stage's parameters moved.
  int bounds_moved() const;

 private:
  bool is_next(const PlannedWork& known) const;
  bool run_dry(const std::string& why, const PlannedWork* known);
  void begin_stage(SearchSpace* space);
  void take_limits();
  SearchSpace narrowed();
  void widen();
  void widen(std::size_t parameter, bool upper);
  void fill();

  CourseOptions options_;
  std::vector<Search> searches_;
  std::vector<PlannedWork> out_;    ///< by slot order of their beginning
  std::vector<double> free_since_;  ///< planned time, of slots that are free
  std::vector<std::size_t> free_slots_;
  std::vector<double> costs_;  ///< of an epoch, by trial
  double now_ = 0;
  std::size_t decided_ = 0, limits_taken_ = 0;
  std::size_t looked_at_ = 4;  ///< trials with a value at the last look at bounds
  bool is_dry_ = false;        ///< the search has no assignment until another result is in
  std::string end_, dry_;
  std::vector<std::string> notes_;
  std::vector<int> widenings_;  ///< by parameter and side
};

}  // namespace tend
