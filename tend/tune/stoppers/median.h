#pragma once
#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#include "tend/tune/stopper.h"

namespace tend {

/// Median: stops a trial whose best value so far is worse than the median of the running means of the other trials at the same
/// step (Golovin et al., 2017, "Google Vizier: a service for black-box optimization").
struct Median {
  std::int64_t startup = 5, warmup = 0;
  static constexpr std::string_view about = "Stops a trial that is worse than the median of the others at the same step.";
  static constexpr auto fields = std::tuple{
      field_of<Median>("startup", &Median::startup, at_least(1), "", "The trials that must have come as far."),
      field_of<Median>("warmup", &Median::warmup, at_least(0), "steps", "The steps in which no trial is stopped.")};

  std::size_t pause(const Study&, const SearchTrial& trial) const { return trial.steps() + 1; }

  std::string cause(const Study& study, const SearchTrial& trial) const {
    const std::size_t n = trial.steps();
    if (n == 0 || static_cast<std::int64_t>(n) <= warmup || n >= study.steps) return "";
    std::vector<double> means;
    for (const SearchTrial& other : study.trials) {
      if (other.number == trial.number || other.steps() < n) continue;
      double sum = 0;
      for (std::size_t i = 0; i < n; ++i) sum += study.cost(other.values[i]);
      means.push_back(sum / static_cast<double>(n));
    }
    if (static_cast<std::int64_t>(means.size()) < startup) return "";
    const auto middle = means.begin() + static_cast<std::ptrdiff_t>(means.size() / 2);
    std::nth_element(means.begin(), middle, means.end());
    return study.least_cost(trial, n) > *middle ? "worse-than-median" : "";
  }
};

}  // namespace tend
