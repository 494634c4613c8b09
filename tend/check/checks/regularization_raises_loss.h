#pragma once
#include "tend/check/setup.h"

namespace tend {

/// The regularization of an experiment.
struct Regularization {
  double penalty = 0, decay = 0, kept = 1,
         rate = 0;                ///< of the initial weights; decoupled decay; share kept by all dropout; largest rate
  std::string layer, rate_layer;  ///< with the largest l2 or l1; with the largest rate
};

/// Penalties must raise the loss at the start (CS231n, neural networks 3, sanity checks), and neither they nor dropout may
/// prevent learning. A few rows are fitted with them as the file has them, and without, by the same steps of Adam; the loss is
/// measured without penalties and dropout.
///   penalties  looked at where those of the first weights are more than `worth` of the loss that there is to gain, or decoupled
///              decay pulls weights below 1. warn, where two seeds agree: with them the loss keeps more than `stuck` of
///              the loss of a constant guess, without them less than half as much. Where dropout is looked at too: a quarter
///              of `stuck` with only them, and half of it with dropout. Networks that keep a tenth here end 5 to 20 points of
///              accuracy lower, those that keep a fiftieth lose none
///   dropout    looked at where all of it lets less than `kept` through. warn, where two seeds agree: less than `little` gets
///              through and the loss keeps more than `stuck`; or more than `blind`, no better than without inputs, and without
///              dropout less than half as much. Halves in two or three layers slow a short fit and do no harm
/// Krogh and Hertz, 1991; Srivastava et al., 2014, section 7.3: hidden units kept with a probability below 0.4 underfit.
struct RegularizationRaisesLoss {
  double worth = 0.05, kept = 0.3, little = 0.05, stuck = 0.2, blind = 0.95;
  static constexpr auto fields = std::tuple{
      field_of<RegularizationRaisesLoss>("worth", &RegularizationRaisesLoss::worth, above(0), "",
                                         "share of the loss of a constant guess up to which penalties are not tested"),
      field_of<RegularizationRaisesLoss>("kept", &RegularizationRaisesLoss::kept, above(0), "",
                                         "share kept by all dropout together from which on dropout is not tested"),
      field_of<RegularizationRaisesLoss>("little", &RegularizationRaisesLoss::little, above(0), "",
                                         "kept share that is too little except for wide layers"),
      field_of<RegularizationRaisesLoss>("stuck", &RegularizationRaisesLoss::stuck, above(0), "",
                                         "share of the loss of a constant guess that regularization may leave on a few rows"),
      field_of<RegularizationRaisesLoss>("blind", &RegularizationRaisesLoss::blind, above(0), "",
                                         "the same for dropout that keeps more than little")};
  static constexpr Effort effort = Effort::standard;
  static constexpr int place = 46;

  std::vector<CheckResult> run(const Setup& setup) const;
  CheckResult of_penalties(const Setup& setup, const Regularization& r, double ignorant) const;
  CheckResult of_dropout(const Setup& setup, const Regularization& r, double ignorant) const;
};

}  // namespace tend
