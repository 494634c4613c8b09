#pragma once
#include "tend/check/setup.h"

namespace tend {

/// Settings of the update that are wrong for any data, compared with the gradient before the first step.
/// warn, learning-rate-low: a schedule with which most steps have at most a thousandth of the highest rate. The same, or
/// learning-rate-high: interventions that multiply the rate by less than a thousandth for half of the run, or by more than 100.
/// warn, epochs: fewer than `few_updates` updates in the whole run, except with lbfgs, which needs few. warn, optimizer: a
/// clip_norm that leaves less than a thousandth of the gradient to an optimizer whose step grows with it; a momentum that
/// remembers more than 500 steps; an epsilon so small that a vanished gradient still makes a whole step (below float32's smallest
/// normal square: 1e-15). A tenth to a half of the gradients clipped is usual (tuning playbook); a momentum of .99 remembers 100
/// steps (CS231n: .5 to .99).
struct UpdateSettingsCheck {
  static constexpr std::string_view entry_name = "update_settings";
  std::int64_t few_updates = 50;
  static constexpr auto fields = std::tuple{field_of<UpdateSettingsCheck>("few_updates", &UpdateSettingsCheck::few_updates,
                                                                          at_least(0), "updates", "that a run must have")};
  static constexpr Effort effort = Effort::standard;
  static constexpr int place = 48;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend
