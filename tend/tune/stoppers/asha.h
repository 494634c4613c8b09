#pragma once
#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

#include "tend/tune/stopper.h"

namespace tend {

/// Asha: asynchronous successive halving (Li et al., 2020, "A system for massively parallel hyperparameter tuning"), in the form
/// of the paper: trials wait at the rungs first, first * eta, first * eta^2 ..., and the best 1 / eta of a rung go on later, with
/// the state that they had. (Other tools stop the rest for good, because they cannot resume a trial.)
struct Asha {
  double eta = 3;
  std::int64_t first = 1;
  static constexpr bool is_usual = true;
  static constexpr std::string_view about = "Trials wait after a few steps; the best third of those that came as far goes on.";
  static constexpr auto fields = std::tuple{
      field_of<Asha>("eta", &Asha::eta, above(1), "", "One of so many trials of a rung goes on to the next."),
      field_of<Asha>("first", &Asha::first, at_least(1), "steps", "The steps of the first rung.")};

  std::size_t pause(const Study& study, const SearchTrial& trial) const {
    for (std::size_t k = 0;; ++k)
      if (rung(k) > trial.steps() || rung(k) >= study.steps) return std::min(rung(k), study.steps);
  }
  std::string cause(const Study&, const SearchTrial&) const { return ""; }

  bool suspends(const Study& study, const SearchTrial& trial) const {
    for (std::size_t k = 0; rung(k) < study.steps; ++k)
      if (rung(k) == trial.steps()) return true;
    return false;
  }

  std::optional<std::size_t> promote(const Study& study) const {
    std::size_t top = 0;
    while (rung(top + 1) < study.steps) ++top;
    for (std::size_t k = top + 1; k-- > 0;) {
      std::vector<std::pair<double, std::size_t>> reached;
      for (const SearchTrial& trial : study.trials)
        if (trial.has_reached(rung(k))) reached.emplace_back(study.least_cost(trial, rung(k)), trial.number);
      std::sort(reached.begin(), reached.end());
      const auto best = static_cast<std::size_t>(static_cast<double>(reached.size()) / eta);
      for (std::size_t i = 0; i < best; ++i) {
        const SearchTrial& trial = study.trials[reached[i].second];
        if (trial.state == TrialState::waiting && trial.steps() == rung(k) && std::isfinite(reached[i].first))
          return trial.number;
      }
    }
    return std::nullopt;
  }

 private:
  std::size_t rung(std::size_t k) const {
    return static_cast<std::size_t>(std::llround(static_cast<double>(first) * std::pow(eta, static_cast<double>(k))));
  }
};

}  // namespace tend
