#pragma once
#include <tuple>

#include "tend/tune/stopper.h"

namespace tend {

/// Patience: stops a trial whose value has not become better for some steps.
struct Patience {
  std::int64_t steps = 5;
  double gain = 0;
  static constexpr std::string_view about = "Stops a trial whose value has not become better for some steps.";
  static constexpr auto fields = std::tuple{
      field_of<Patience>("steps", &Patience::steps, at_least(1), "steps", "The steps without a better value."),
      field_of<Patience>("gain", &Patience::gain, at_least(0), "", "By how much a value must be better than the best before.")};

  std::size_t pause(const Study&, const SearchTrial& trial) const {
    const auto wanted = static_cast<std::size_t>(steps);
    return trial.steps() <= wanted ? wanted + 1 : trial.steps() + 1;
  }

  std::string cause(const Study& study, const SearchTrial& trial) const {
    const auto wait = static_cast<std::size_t>(steps), n = trial.steps();
    if (n <= wait || n >= study.steps) return "";
    return study.least_cost(trial, n) > study.least_cost(trial, n - wait) - gain ||
                   study.least_cost(trial, n) == study.least_cost(trial, n - wait)
               ? "no-improvement"
               : "";
  }
};

}  // namespace tend
