#include "tend/tune/study.h"

#include <cmath>
#include <string>
#include <utility>

#include "tend/base/error.h"

namespace tend {

std::size_t Study::add(std::vector<double> units) {
  TEND_EXPECTS(units.size() == space.parameters.size());
  const std::size_t number = trials.size();
  trials.push_back({.number = number, .units = std::move(units), .values = {}});
  return number;
}

void Study::report(std::size_t trial, const std::vector<double>& values) {
  if (trial >= trials.size())
    throw Error(
        Trouble::usage, "study", "values of trial " + std::to_string(trial),
        trials.empty() ? "a trial that has begun; there is none" : "a trial of 0 to " + std::to_string(trials.size() - 1));
  auto& all = trials[trial].values;
  all.insert(all.end(), values.begin(), values.end());
}

std::optional<double> Study::best_value(std::size_t trial) const {
  std::optional<double> best;
  for (const double v : trials.at(trial).values)
    if (std::isfinite(v) && (!best || (maximizes ? v > *best : v < *best))) best = v;
  return best;
}

std::optional<std::size_t> Study::best_trial() const {
  std::optional<std::size_t> best;
  std::optional<double> lowest;
  for (const SearchTrial& trial : trials) {
    const std::optional<double> value = best_value(trial.number);
    if (!value || (lowest && !(maximizes ? *value > *lowest : *value < *lowest))) continue;
    best = trial.number;
    lowest = value;
  }
  return best;
}

}  // namespace tend
