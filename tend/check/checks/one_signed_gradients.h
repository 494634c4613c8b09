#pragma once
#include "tend/check/setup.h"

namespace tend {

/// Units of the first layer with weights whose gradients have all one sign, for the mean of up to 128 rows: so it is for every
/// row where all inputs are positive, and updates then zig-zag (CS231n, neural networks 1, "Sigmoids"). Reported with the advice
/// to centre, never an alarm: pixels of 0 to 1 are such inputs, and train well.
struct OneSignedGradients {
  double many = 0.5;
  static constexpr auto fields = std::tuple{field_of<OneSignedGradients>("many", &OneSignedGradients::many, above(0), "",
                                                                         "share of units above which centring is advised")};
  static constexpr Effort effort = Effort::standard;
  static constexpr int place = 50;

  std::vector<CheckResult> run(const Setup& setup) const {
    if (setup.has_codes()) return {CheckResult::skipped("the inputs are codes, which have no sign.")};
    for (const ParameterLook& look : setup.start().parameters) {
      if (look.shape.rank() < 2) continue;
      const double share = look.one_signed_fraction;
      const std::string numbers = percent(share) + " of the units of " + look.name +
                                  " get weight gradients that all have the same sign";
      return {CheckResult::pass(share >= many ? "Training works, but may be slower than necessary: " + numbers +
                                                    ", so their weights can only increase together or decrease together. If the "
                                                    "inputs are not zero-centred, add \"center\" to prepare.steps."
                                              : "The gradients have no common sign that slows training: " + numbers + ".")
                  .with(share, 0)};
    }
    return {CheckResult::skipped("no layer has a weight matrix.")};
  }
};

}  // namespace tend
