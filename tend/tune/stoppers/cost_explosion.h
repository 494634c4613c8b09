#pragma once
#include <algorithm>
#include <cmath>
#include <tuple>

#include "tend/tune/stopper.h"

namespace tend {

/// CostExplosion: "if the cost is ever more than 3 times the original cost, break out early" (Stanford CS231n 2017, lecture 6).
/// The cost is the training loss; where it is not known, the value of the trial if it is a loss (to be minimized, never
/// negative). The original cost is that before the first step, or of the first step. A value that is not finite counts, too.
struct CostExplosion {
  double factor = 3;
  static constexpr bool is_usual = true;
  static constexpr std::string_view about = "Stops a trial when its cost is more than 3 times the original one.";
  static constexpr auto fields = std::tuple{
      field_of<CostExplosion>("factor", &CostExplosion::factor, above(1), "", "The largest cost as a multiple of the first.")};

  std::size_t pause(const Study&, const SearchTrial& trial) const {
    return trial.steps() < 2 ? trial.steps() + 1 : 2 * trial.steps();
  }

  std::string cause(const Study& study, const SearchTrial& trial) const {
    const auto is_finite = [](double v) { return std::isfinite(v); };
    const std::vector<double>& known = trial.training.empty() ? trial.values : trial.training;
    if (!std::all_of(known.begin(), known.end(), is_finite)) return "not-finite";
    const std::vector<double> costs = study.costs(trial);
    const double original = study.original_cost(trial);
    const bool has_exploded = !costs.empty() && original > 0 && *std::max_element(costs.begin(), costs.end()) > factor * original;
    return has_exploded ? "cost-explosion" : "";
  }
};

}  // namespace tend
