#pragma once
#include <algorithm>
#include <cmath>
#include <tuple>

#include "tend/tune/stopper.h"

namespace tend {

/// CostExplosion: "if the cost is ever more than 3 times the original cost, break out early" (Stanford CS231n 2017, lecture 6).
/// The cost is the training loss; where it is not known, the value of the trial if it is a loss (to be minimized, never
/// negative). The first value that is not finite counts, too.
struct CostExplosion {
  double factor = 3;
  static constexpr bool is_usual = true;
  static constexpr std::string_view about = "Stops a trial when its cost is more than 3 times that of its first step.";
  static constexpr auto fields = std::tuple{
      field_of<CostExplosion>("factor", &CostExplosion::factor, above(1), "", "The largest cost as a multiple of the first.")};

  std::size_t pause(const Study&, const SearchTrial& trial) const {
    return trial.steps() < 2 ? trial.steps() + 1 : 2 * trial.steps();
  }

  std::string cause(const Study& study, const SearchTrial& trial) const {
    const std::vector<double>& costs = trial.training.empty() ? trial.values : trial.training;
    if (costs.empty()) return "";
    if (!std::all_of(costs.begin(), costs.end(), [](double v) { return std::isfinite(v); })) return "not-finite";
    if (trial.training.empty() && (study.maximizes || costs.front() <= 0)) return "";
    const double most = *std::max_element(costs.begin(), costs.end());
    return costs.front() > 0 && most > factor * costs.front() ? "cost-explosion" : "";
  }
};

}  // namespace tend
