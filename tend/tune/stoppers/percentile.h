#pragma once
#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#include "tend/tune/stopper.h"

namespace tend {

/// Percentile: stops a trial whose best value so far is not among this share of the best values of the trials that came as far
/// (Optuna's PercentilePruner; Akiba et al., 2019).
struct Percentile {
  double best = 0.25;
  std::int64_t startup = 5, warmup = 0;
  static constexpr std::string_view about = "Stops a trial that is not in the best quarter of those at the same step.";
  static constexpr auto fields = std::tuple{
      field_of<Percentile>("best", &Percentile::best, fraction(), "", "The share of the trials that goes on."),
      field_of<Percentile>("startup", &Percentile::startup, at_least(1), "trials", "The trials that must have come as far."),
      field_of<Percentile>("warmup", &Percentile::warmup, at_least(0), "steps", "The steps in which no trial is stopped.")};

  std::size_t pause(const Study&, const SearchTrial& trial) const { return trial.steps() + 1; }

  std::string cause(const Study& study, const SearchTrial& trial) const {
    const std::size_t n = trial.steps();
    if (n == 0 || static_cast<std::int64_t>(n) <= warmup || n >= study.steps) return "";
    std::vector<double> others;
    for (const SearchTrial& other : study.trials)
      if (other.number != trial.number && other.has_reached(n)) others.push_back(study.least_cost(other, n));
    if (static_cast<std::int64_t>(others.size()) < startup) return "";
    const auto at = static_cast<std::size_t>(best * static_cast<double>(others.size() - 1));
    std::nth_element(others.begin(), others.begin() + static_cast<std::ptrdiff_t>(at), others.end());
    return study.least_cost(trial, n) > others[at] ? "worse-than-percentile" : "";
  }
};

}  // namespace tend
