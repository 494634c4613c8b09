#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "tend/tune/sampler_registry.h"
#include "tend/tune/stopper_registry.h"
#include "tend/tune/study.h"

namespace tend {

/// How a study is made: the table [tune] of an experiment, or of a study file for outside programs.
struct SearchSettings {
  std::string direction = "minimize";
  std::int64_t steps = 1, trials = 0, budget_steps = 0;
  Value sampler = "auto";
  Value stopper;  ///< one or a list; null: chosen by the steps of a trial
  Value parameters;
  static constexpr auto fields = std::tuple{
      field_of<SearchSettings>("direction", &SearchSettings::direction, {}, "", "Which values are better.", "minimize maximize"),
      field_of<SearchSettings>("steps", &SearchSettings::steps, at_least(1), "",
                               "The steps of a whole trial; 1: it has one value."),
      field_of<SearchSettings>("trials", &SearchSettings::trials, at_least(0), "", "The most trials; 0: any number."),
      field_of<SearchSettings>("budget_steps", &SearchSettings::budget_steps, at_least(0), "",
                               "The most steps of all trials together; 0: any number."),
      field_of<SearchSettings>("sampler", &SearchSettings::sampler, {}, "", "How new trials are chosen.", "auto <sampler>"),
      field_of<SearchSettings>("stopper", &SearchSettings::stopper, {}, "", "When trials stop or wait; all of a list apply.",
                               "none <stopper>"),
      field_of<SearchSettings>(
          "parameters", &SearchSettings::parameters, {}, "",
          "The parameters of the search and their values: uniform, log_uniform, logit, int, ordinal or choice.")};
};

/// What is to be done next in a search.
struct Assignment {
  std::size_t trial = 0;
  std::size_t from_step = 0, to_step = 0;  ///< make the steps from_step + 1 .. to_step
};

/// A search by ask and tell: whoever trains asks what to do, and tells the values. Several assignments may be out at once. The
/// same answers to the same questions give the same search on every machine.
class Search {
 public:
  /// Throws Error{usage} with the key that is wrong. `where` is the name of the file.
  Search(const SearchSettings& settings, std::uint64_t seed, const std::string& where = "tune",
         const Registry<SamplerEntry>& samplers = builtin_samplers(),
         const Registry<StopperEntry>& stoppers = builtin_stoppers());

  /// The next assignment, or one sentence that says why there is none.
  std::variant<Assignment, std::string> ask();
  /// Takes the values of a trial's assignment, at most as many as it has steps, and the training losses if they are known. Fewer
  /// values leave the rest to do. Throws Error{usage} if the trial has no assignment.
  const SearchTrial& tell(std::size_t trial, const std::vector<double>& values, const std::vector<double>& training = {});
  /// The values of the parameters of a trial.
  Value parameters(std::size_t trial) const { return study_.space.at(study_.trials.at(trial).units); }

  const Study& study() const { return study_; }
  std::string sampler() const { return std::string(sampler_->name()); }
  std::vector<std::string> stoppers() const;

 private:
  Assignment assign(SearchTrial& trial);
  std::size_t steps_left() const;

  Study study_;
  std::shared_ptr<const SamplerEntry> sampler_;
  std::vector<std::shared_ptr<const StopperEntry>> stoppers_;
};

}  // namespace tend
