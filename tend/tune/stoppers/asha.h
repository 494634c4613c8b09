#pragma once
#include <algorithm>
#include <cmath>
#include <tuple>

#include "tend/tune/rungs.h"
#include "tend/tune/stopper.h"

namespace tend {

/// Asha: asynchronous successive halving (Li et al., 2020, "A system for massively parallel hyperparameter tuning"), in the form
/// of the paper: trials wait at the rungs first, first * eta, first * eta^2 ..., and the best 1 / eta of a rung go on later, with
/// the state that they had. (Other tools stop the rest for good, because they cannot resume a trial.)
/// The first rung is after one step of training, which is the first step if the cost before it is known. Otherwise it is the
/// second: the first value may be that of the network as it was initialized, which says nothing about the trial. Where the number
/// of trials is the only limit, it is so late that about one of them is left at the last: 6 trials of 27 steps wait after 9.
struct Asha {
  double eta = 3;
  std::int64_t first = 0;
  static constexpr bool is_usual = true;
  static constexpr std::string_view about = "Trials wait after a few steps; the best third of those that came as far goes on.";
  static constexpr auto fields = std::tuple{
      field_of<Asha>("eta", &Asha::eta, above(1), "", "One of so many trials of a rung goes on to the next."),
      field_of<Asha>(
          "first", &Asha::first, at_least(0), "steps",
          "The steps of the first rung; 0: later for a small number of trials, 1 if there is no such limit and the cost before "
          "the first step is known, otherwise 2.")};

  std::size_t pause(const Study& study, const SearchTrial& trial) const { return rungs(study).next(study, trial); }
  std::string cause(const Study&, const SearchTrial&) const { return ""; }
  bool suspends(const Study& study, const SearchTrial& trial) const { return rungs(study).is_at_one(study, trial); }
  std::optional<std::size_t> promote(const Study& study) const {
    return rungs(study).promoted(study, [](const SearchTrial&) { return true; });
  }

 private:
  Rungs rungs(const Study& study) const {
    if (first > 0) return {.eta = eta, .first = static_cast<double>(first)};
    const bool is_known = std::any_of(study.trials.begin(), study.trials.end(),
                                      [](const SearchTrial& trial) { return std::isfinite(trial.original); });
    const double usual = is_known ? 1 : 2;
    if (study.most_trials == 0 || study.budget_steps > 0) return {.eta = eta, .first = usual};
    const double halvings = std::floor(std::log(static_cast<double>(study.most_trials)) / std::log(eta) + 1e-9);
    return {.eta = eta, .first = std::max(usual, static_cast<double>(study.steps) / std::pow(eta, halvings))};
  }
};

}  // namespace tend
