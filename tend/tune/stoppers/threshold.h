#pragma once
#include <cmath>
#include <optional>
#include <tuple>

#include "tend/tune/stopper.h"

namespace tend {

/// Threshold: stops a trial as soon as a value lies outside of given bounds, or is not finite.
struct Threshold {
  std::optional<double> low = std::nullopt, high = std::nullopt;  ///< absent: no bound
  std::int64_t warmup = 0;
  static constexpr std::string_view about = "Stops a trial whose value lies outside of given bounds.";
  static constexpr auto fields = std::tuple{
      field_of<Threshold>("low", &Threshold::low, {}, "", "The lowest value that is allowed."),
      field_of<Threshold>("high", &Threshold::high, {}, "", "The highest value that is allowed."),
      field_of<Threshold>("warmup", &Threshold::warmup, at_least(0), "steps", "The steps in which no trial is stopped.")};

  std::size_t pause(const Study&, const SearchTrial& trial) const { return trial.steps() + 1; }

  std::string cause(const Study&, const SearchTrial& trial) const {
    for (auto step = static_cast<std::size_t>(warmup); step < trial.values.size(); ++step)
      if (!std::isfinite(trial.values[step])) return "not-finite";
      else if ((low && trial.values[step] < *low) || (high && trial.values[step] > *high)) return "out-of-bounds";
    return "";
  }
};

}  // namespace tend
