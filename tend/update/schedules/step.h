#pragma once
#include <cmath>
#include <tuple>

#include "tend/update/schedule.h"

namespace tend {

/// StepSchedule: multiplier^floor(epoch / every_epochs), `factor` in the file. Defaults: 0.1 every 10 epochs.
struct StepSchedule {
  static constexpr std::string_view entry_name = "step";
  double multiplier = 0.1, every_epochs = 10;

  static constexpr auto fields = std::tuple{
      field_of<StepSchedule>("factor", &StepSchedule::multiplier, above(0), "",
                             "The factor by which the learning rate is multiplied each time."),
      field_of<StepSchedule>("every_epochs", &StepSchedule::every_epochs, above(0), "epochs",
                             "The number of epochs between two changes.")};

  double factor(const Progress& p) const { return std::pow(multiplier, std::floor(p.epoch / every_epochs)); }
};

}  // namespace tend
