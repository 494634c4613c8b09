#pragma once
#include "tend/check/setup.h"

namespace tend {

/// Do training and inference compute the same for the same rows, apart from dropout? A trial takes steps of rate 0 on one batch,
/// so that nothing moves but running statistics, and the share of them that a step keeps is measured. fail: statistics that a
/// step does not move at all; or, where a network has none, losses that differ by more than `apart` of their size. warn:
/// statistics of which more than `kept` of the first value is left after the whole run; or, once they have settled on the batch's
/// own, a loss in inference above `times` that of training. (Ioffe and Szegedy, 2015, Algorithm 2.)
struct TrainAndInferenceAgree {
  double apart = 1e-3, kept = 0.9, times = 2;
  static constexpr auto fields = std::tuple{
      field_of<TrainAndInferenceAgree>("apart", &TrainAndInferenceAgree::apart, above(0), "",
                                       "relative difference of the losses that rounding may cause"),
      field_of<TrainAndInferenceAgree>("kept", &TrainAndInferenceAgree::kept, above(0), "",
                                       "share of the initial running statistics that may be left after the run"),
      field_of<TrainAndInferenceAgree>("times", &TrainAndInferenceAgree::times, above(1), "",
                                       "ratio of the loss in inference to that in training on the same rows")};
  static constexpr Effort effort = Effort::standard;
  static constexpr int place = 55;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend
