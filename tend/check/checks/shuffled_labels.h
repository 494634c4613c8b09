#pragma once
#include "tend/check/setup.h"

namespace tend {

/// Steps on targets in one random order: the loss of classes or R2 of values of held-out rows with their own targets, before and
/// after; the steps' losses.
struct ShuffledRun {
  double before = 0, after = 0;
  std::int64_t steps = 0;
  std::vector<double> losses;
};

/// A trial learns the training rows with shuffled targets. Its loss on held-out rows cannot fall below that of a constant
/// prediction (entropy of the classes; R2 = 0 for values), unless targets leak into inputs (Zhang et al., 2017, "Understanding
/// deep learning requires rethinking generalization": random labels can be memorized and never generalize). fail data-leak: below
/// `least` of it, for values R2 above 1 - `least`, in each of 5 orders of the targets: one order may go with the features by
/// chance, where rows or columns are few. The message also shows how fast they are memorized.
struct ShuffledLabels {
  double least = 0.9;
  static constexpr auto fields = std::tuple{
      field_of<ShuffledLabels>("least", &ShuffledLabels::least, part_of_one(), "",
                               "share of the loss of a constant prediction that shuffled labels must leave")};
  static constexpr Effort effort = Effort::thorough;
  static constexpr int place = 90;
  static constexpr std::int64_t batches = 100;

  std::vector<CheckResult> run(const Setup& setup) const;
  /// Does the trial predict held-out rows better than a constant, whose loss is `unknown` (the classes' entropy; R2 of 0 for
  /// values)?
  bool knows(const ShuffledRun& run, double unknown, bool is_values) const;
  /// The verdict on runs up to the first that predicts nothing, or on all.
  CheckResult judged(const std::vector<ShuffledRun>& runs, double unknown, bool is_values) const;
};

}  // namespace tend
