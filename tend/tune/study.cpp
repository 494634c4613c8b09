#include "tend/tune/study.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "tend/base/error.h"

namespace tend {

std::string_view name_of(TrialState state) {
  switch (state) {
    case TrialState::running: return "running";
    case TrialState::waiting: return "waiting";
    case TrialState::stopped: return "stopped";
    case TrialState::completed: return "completed";
  }
  return "";
}

std::size_t Study::add(std::vector<double> units) {
  TEND_EXPECTS(units.size() == space.parameters.size());
  const std::size_t number = trials.size();
  space.settle(units);
  trials.push_back({.number = number, .units = std::move(units), .values = {}, .training = {}, .findings = {}, .cause = {}});
  return number;
}

void Study::report(std::size_t trial, const std::vector<double>& values, const std::vector<double>& training) {
  if (trial >= trials.size())
    throw Error(
        Trouble::usage, "study", "values of trial " + std::to_string(trial),
        trials.empty() ? "a trial that has begun; there is none" : "a trial of 0 to " + std::to_string(trials.size() - 1));
  SearchTrial& t = trials[trial];
  t.values.insert(t.values.end(), values.begin(), values.end());
  t.training.insert(t.training.end(), training.begin(), training.end());
}

std::size_t Study::steps_made() const {
  std::size_t n = 0;
  for (const SearchTrial& trial : trials) n += trial.steps();
  return n;
}

std::size_t Study::whole_trials() const {
  const std::size_t paid = budget_steps / std::max<std::size_t>(steps, 1);
  if (most_trials == 0 || budget_steps == 0) return std::max(most_trials, paid);
  return std::min(most_trials, paid);
}

double Study::cost(double value) const {
  if (!std::isfinite(value)) return std::numeric_limits<double>::infinity();
  return maximizes ? -value : value;
}

std::vector<double> Study::costs(const SearchTrial& trial) const {
  return !trial.training.empty() ? trial.training : maximizes ? std::vector<double>() : trial.values;
}

double Study::original_cost(const SearchTrial& trial) const {
  if (!trial.training.empty() && std::isfinite(trial.original)) return trial.original;
  const std::vector<double> all = costs(trial);
  return all.empty() ? std::numeric_limits<double>::quiet_NaN() : all.front();
}

double Study::least_cost(const SearchTrial& trial, std::size_t count) const {
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < std::min(count, trial.values.size()); ++i) least = std::min(least, cost(trial.values[i]));
  return least;
}

std::optional<double> Study::best_value(std::size_t trial) const {
  const double least = least_cost(trials.at(trial), trials.at(trial).steps());
  if (!std::isfinite(least)) return std::nullopt;
  return maximizes ? -least : least;
}

std::optional<std::size_t> Study::best_trial() const {
  const std::vector<std::size_t> order = ranking();
  if (order.empty()) return std::nullopt;
  return order.front();
}

std::vector<std::size_t> Study::ranking() const {
  std::vector<std::pair<double, std::size_t>> costs;
  for (const SearchTrial& trial : trials)
    if (const double least = least_cost(trial, trial.steps()); std::isfinite(least)) costs.emplace_back(least, trial.number);
  std::sort(costs.begin(), costs.end());
  std::vector<std::size_t> order;
  for (const auto& [value, number] : costs) order.push_back(number);
  return order;
}

bool Study::has(const std::vector<double>& given) const {
  std::vector<double> units = given;
  space.settle(units);
  const auto is_same = [&](const SearchTrial& trial) {
    for (std::size_t i = 0; i < units.size(); ++i) {
      const SearchParameter& p = space.parameters[i];
      if (p.levels() ? p.level_of(units[i]) != p.level_of(trial.units[i]) : units[i] != trial.units[i]) return false;
    }
    return true;
  };
  return std::any_of(trials.begin(), trials.end(), is_same);
}

}  // namespace tend
