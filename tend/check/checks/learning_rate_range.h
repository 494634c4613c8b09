#pragma once
#include "tend/check/setup.h"

namespace tend {

class RateRuns;  // trial/rate_runs.h

/// Which learning rates make the loss go down (CS231n, neural networks 3: too low, the loss barely changes; too high, it
/// explodes; after the range test of Smith, 2017, but with a fresh trial for each rate, so that no rate starts from weights that
/// another one has changed). Short runs of the optimizer as it is set, on rates half a decade apart, outwards from the middle.
///   gain        the fall of the loss at a rate, as a share of its fall at the best rate: 1 as much, 0 nothing
///   bracket     low: the whole run goes as far as a short run that gains a tenth; high: the first that ends above the start
///   knee        the upper of the two neighbouring rates between which the loss falls most
///   suggestion  between the rate of the lowest loss on held-out rows and the lowest rate that gains `enough` of it
///   confidence  share of the seeds whose own suggestion is within a decade
/// learning-rate-high: a rate 10 to 1000 times lower gains `margin` more than the run's own, on every seed (fail: the own rate
/// gains nothing); or (fail) at the own rate the loss overflows or ends above 3 times the start's or the constant guess's, on two
/// of three seeds, whatever lower rates do. learning-rate-low: all steps of the run, put into a short one that goes as far (their
/// rates summed), gain less than `least` (fail: a twentieth of it); or (fail) the rate is 0 or negative. Otherwise skipped where
/// no rate takes `visible` of the loss off.
struct LearningRateRange {
  double flops = 3e10, visible = 0.03, enough = 0.93, margin = 0.1, least = 0.4;
  static constexpr auto fields = std::tuple{
      field_of<LearningRateRange>("flops", &LearningRateRange::flops, above(0), "", "about, for all runs together"),
      field_of<LearningRateRange>("visible", &LearningRateRange::visible, fraction(), "",
                                  "of the loss by which some rate must lower it"),
      field_of<LearningRateRange>("enough", &LearningRateRange::enough, fraction(), "",
                                  "of the best gain that a suggested rate must reach"),
      field_of<LearningRateRange>("margin", &LearningRateRange::margin, fraction(), "",
                                  "of the best gain that a lower rate must gain more"),
      field_of<LearningRateRange>("least", &LearningRateRange::least, fraction(), "",
                                  "of the best gain that the whole run must reach")};
  static constexpr Effort effort = Effort::standard;
  static constexpr int place = 70;
  static constexpr std::int64_t batches = 100;

  std::vector<CheckResult> run(const Setup& setup) const;
  CheckResult judged(const Setup& setup, RateRuns& runs, double suggestion, double highest) const;
};

}  // namespace tend
