#pragma once
#include <string>
#include <tuple>
#include <vector>

#include "tend/update/schedule.h"

namespace tend {

/// PiecewiseSchedule: the factor is factors[i] from boundaries[i] (in epochs) on, and 1 before the first boundary.
/// { name = "piecewise", boundaries = [30, 60], factors = [0.1, 0.01] }
struct PiecewiseSchedule {
  static constexpr std::string_view entry_name = "piecewise";
  std::vector<double> boundaries, factors;

  static constexpr auto fields = std::tuple{
      field_of<PiecewiseSchedule>("boundaries", &PiecewiseSchedule::boundaries, at_least(0), "epochs",
                                  "The epochs at which the learning rate changes, in rising order."),
      field_of<PiecewiseSchedule>("factors", &PiecewiseSchedule::factors, at_least(0), "",
                                  "The factors of the learning rate from each boundary on, as many as there are boundaries.")};

  std::string fault() const {
    if (boundaries.size() != factors.size())
      return std::to_string(boundaries.size()) + " boundaries and " + std::to_string(factors.size()) +
             " factors: each boundary has one factor";
    for (std::size_t i = 1; i < boundaries.size(); ++i)
      if (!(boundaries[i] > boundaries[i - 1])) return "boundaries that do not rise";
    return "";
  }
  double factor(const Progress& p) const {
    double now = 1;
    for (std::size_t i = 0; i < boundaries.size() && boundaries[i] <= p.epoch; ++i) now = factors[i];
    return now;
  }
};

}  // namespace tend
