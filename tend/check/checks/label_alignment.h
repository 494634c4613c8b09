#pragma once
#include "tend/check/setup.h"

namespace tend {

/// Those of the first `most` rows of a sample whose targets are finite, and the accuracy of predicting the most frequent class
/// for each; for labels the mean accuracy of predicting each label's more frequent value.
struct Tested {
  std::vector<std::int64_t> rows;
  double majority = 0;
};
Tested tested_of(const Setup& setup, const SampleRows& sample, std::int64_t most);

/// Do labels depend on features? Permutation tests on the training sample; z: in deviations of 30 random orders of the labels.
///   neighbours  mean product of a row's target and the mean of its 7 nearest rows', or its 2 nearest's; targets
///               standardized, of classes one for each, of values ranks. Far below chance is dependence too: parity
///   columns     where neighbours show nothing: the best correlation of a target with a column, of few columns also with products of two
/// |z| > `z` = 4 shows a dependence: p < 1e-4 were z normal, below 1e-3 with a deviation estimated from 30 (t, 29 degrees).
/// data-label:
///   fail  no dependence in training, while the validation rows show one: training labels are misaligned with their rows
///   warn  no dependence anywhere on 100 rows or more, and a short training of the experiment finds none either
///   warn  predictions from training rows are right for validation labels more often than for training labels (copies left out,
///         classes of equal weight; z > 5): above `most_wrong` of the training labels are wrong. Fewer do little harm (Rolnick et al.,
///         2017, "Deep learning is robust to massive label noise"); noise that both parts share lowers both, and is no alarm
struct LabelAlignment {
  double z = 4, most_wrong = 0.4;
  static constexpr auto fields = std::tuple{
      field_of<LabelAlignment>("z", &LabelAlignment::z, above(0), "", "deviations from chance that show a dependence"),
      field_of<LabelAlignment>("most_wrong", &LabelAlignment::most_wrong, part_of_one(), "",
                               "share of training labels that may be wrong where validation labels are right")};
  static constexpr Effort effort = Effort::standard;
  static constexpr int place = 6;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend
