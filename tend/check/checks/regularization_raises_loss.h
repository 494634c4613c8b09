#pragma once
#include "tend/check/setup.h"

namespace tend {

/// Penalties must raise the loss at the start (CS231n, neural networks 3, sanity checks), and neither they nor dropout may leave
/// the network nothing to gain. Where penalties of the first weights are more than `worth` of the loss that there is to gain,
/// where dropout lets less than `kept` through in all, or decoupled decay pulls weights below 1, a few rows are fitted with all
/// regularization as the file has it and without, by the same steps of Adam. warn: with it the loss, measured without penalties
/// and dropout, keeps more than `stuck` of what outputs that know nothing give (half of `stuck` where both are strong), and
/// without it less than half as much; or it is kept while dropout lets less than `little` through. Fitting a few rows is the
/// least that a network must be able to; networks that keep a tenth of the chance loss here end 5 to 20 points of accuracy lower,
/// those that keep a fiftieth lose none. (Krogh and Hertz, 1991; Srivastava et al., 2014, section 7.3: hidden units that are kept
/// with a probability below 0.4 underfit.)
struct RegularizationRaisesLoss {
  double worth = 0.05, kept = 0.3, little = 0.05, stuck = 0.2;
  static constexpr auto fields =
      std::tuple{field_of<RegularizationRaisesLoss>("worth", &RegularizationRaisesLoss::worth, above(0), "",
                                                    "share of the chance loss that penalties may have without a closer look"),
                 field_of<RegularizationRaisesLoss>("kept", &RegularizationRaisesLoss::kept, above(0), "",
                                                    "share that all dropout together must let through without a closer look"),
                 field_of<RegularizationRaisesLoss>("little", &RegularizationRaisesLoss::little, above(0), "",
                                                    "share let through that is too little for all but wide layers"),
                 field_of<RegularizationRaisesLoss>("stuck", &RegularizationRaisesLoss::stuck, above(0), "",
                                                    "share of the chance loss that regularization may keep of a few rows")};
  static constexpr Effort effort = Effort::standard;
  static constexpr int place = 46;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend
