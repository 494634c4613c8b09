#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "tend/tune/space.h"

namespace tend {

/// A trial of a search: its place in the space and the values of its steps so far. A value that is not finite is kept as it is.
struct SearchTrial {
  std::size_t number = 0;
  std::vector<double> units;   ///< one place in [0, 1] for each parameter of the space
  std::vector<double> values;  ///< the value of each step, from the first
};

/// A search in memory: its space and its trials in the order in which they began.
struct Study {
  SearchSpace space;
  std::uint64_t seed = 0;
  bool maximizes = false;
  std::vector<SearchTrial> trials;

  /// Adds a trial and returns its number. Requires one place for each parameter.
  std::size_t add(std::vector<double> units);
  /// Adds the values of a trial's next steps. Throws Error{usage} if there is no such trial.
  void report(std::size_t trial, const std::vector<double>& values);
  /// Returns the best finite value of a trial, or nothing if it has none.
  std::optional<double> best_value(std::size_t trial) const;
  /// Returns the number of the trial with the best value, or nothing. Of equal trials, the earlier one.
  std::optional<std::size_t> best_trial() const;
};

}  // namespace tend
