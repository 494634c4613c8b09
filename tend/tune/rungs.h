#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "tend/tune/study.h"

namespace tend {

/// The rungs of a successive halving: first, first * eta, first * eta^2 ... steps, below the steps of a whole trial. Trials wait
/// at them, and the best 1 / eta of a rung go on.
struct Rungs {
  double eta = 3, first = 1;

  std::size_t rung(std::size_t k) const {
    return static_cast<std::size_t>(std::llround(first * std::pow(eta, static_cast<double>(k))));
  }
  /// The next rung of a trial, or the steps of a whole one.
  std::size_t next(const Study& study, const SearchTrial& trial) const {
    for (std::size_t k = 0;; ++k)
      if (rung(k) > trial.steps() || rung(k) >= study.steps) return std::min(rung(k), study.steps);
  }
  bool is_at_one(const Study& study, const SearchTrial& trial) const {
    for (std::size_t k = 0; rung(k) < study.steps; ++k)
      if (rung(k) == trial.steps()) return true;
    return false;
  }
  /// A waiting trial that is among the best 1 / eta of its rung, from the highest rung down; only trials for which counts(trial)
  /// holds are compared.
  template <class Counts>
  std::optional<std::size_t> promoted(const Study& study, Counts counts) const {
    std::size_t top = 0;
    while (rung(top + 1) < study.steps) ++top;
    for (std::size_t k = top + 1; k-- > 0;) {
      std::vector<std::pair<double, std::size_t>> reached;
      for (const SearchTrial& trial : study.trials)
        if (counts(trial) && trial.has_reached(rung(k))) reached.emplace_back(study.least_cost(trial, rung(k)), trial.number);
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
};

}  // namespace tend
