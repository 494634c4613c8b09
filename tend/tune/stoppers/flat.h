#pragma once
#include <algorithm>
#include <cmath>
#include <tuple>

#include "tend/tune/stopper.h"

namespace tend {

/// Flat: a trial that has not learned anything after a tenth of its steps (5 at most) does not learn later, mostly: the loss
/// stays at what chance gives. Looks at the training loss; where it is not known, at the value if it is a loss.
struct Flat {
  double gain = 0.01;
  std::int64_t steps = 0;
  static constexpr bool is_usual = true;
  static constexpr std::string_view about = "Stops a trial whose cost has hardly changed after some steps.";
  static constexpr auto fields = std::tuple{
      field_of<Flat>("gain", &Flat::gain, part_of_one(), "", "The share of the first cost by which it must have become less."),
      field_of<Flat>("steps", &Flat::steps, at_least(0), "steps",
                     "The steps after which this is looked at; 0: a tenth of all, from 2 to 5.")};

  std::size_t pause(const Study& study, const SearchTrial& trial) const {
    return trial.steps() < looked_at(study) ? looked_at(study) : study.steps;
  }

  std::string cause(const Study& study, const SearchTrial& trial) const {
    const std::vector<double> costs = study.costs(trial);
    const std::size_t n = looked_at(study);
    const double original = study.original_cost(trial);
    if (study.steps < 4 || costs.size() < n || !std::isfinite(original) || original <= 0) return "";
    const double least = *std::min_element(costs.begin(), costs.begin() + static_cast<std::ptrdiff_t>(n));
    return least > (1 - gain) * original ? "flat" : "";
  }

 private:
  std::size_t looked_at(const Study& study) const {
    return steps > 0 ? static_cast<std::size_t>(steps) : std::clamp<std::size_t>(study.steps / 10, 2, 5);
  }
};

}  // namespace tend
