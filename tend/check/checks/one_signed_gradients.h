#pragma once
#include "tend/check/setup.h"

namespace tend {

/// Units of the first layer with weights whose gradients have all one sign, for the mean of up to 128 rows: so it is for every
/// row where all inputs are positive, and updates then zig-zag (CS231n, neural networks 1, "Sigmoids"). Told with the advice to
/// centre, never an alarm: pixels of 0 to 1 are such inputs, and train well.
struct OneSignedGradients {
  double many = 0.5;
  static constexpr auto fields = std::tuple{field_of<OneSignedGradients>("many", &OneSignedGradients::many, above(0), "",
                                                                         "share of units from which on centring is advised")};
  static constexpr Effort effort = Effort::standard;
  static constexpr int place = 50;

  std::vector<CheckResult> run(const Setup& setup) const {
    if (setup.has_codes()) return {CheckResult::skipped("Inputs are codes: they have no sign.")};
    for (const ParameterLook& look : setup.start().parameters) {
      if (look.shape.rank() < 2) continue;
      const double share = look.one_signed_fraction;
      const std::string told = short_number(100 * share) + " % of the units of " + look.name + " get gradients of one sign";
      return {
          CheckResult::pass(
              told + (share >= many
                          ? ": their weights can only rise together or fall together; \"center\" among prepare.steps mends it."
                          : "."))
              .with(share, 0)};
    }
    return {CheckResult::skipped("No layer has weights of more than one axis.")};
  }
};

}  // namespace tend
