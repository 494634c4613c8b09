#pragma once
#include "tend/check/setup.h"

namespace tend {

/// Are the prepared rows good enough to train and evaluate on? Alarms, the most important first:
///   data-quality     fail: inputs or targets that are not finite (warn in held-out rows), inputs all the same
///                    warn: more than `most_lost` of the rows, files or a column's cells left out or read as missing
///                    warn: few cells of a column, far from all others, decide its scale (check/far_inputs.h)
///                    warn: under a squared error, a few targets that make up half of it (check/far_values.h)
///   data-label       fail: all target columns are constant; warn: some columns of a regression are
///   data-order       fail: rows split by their order ("last") so that a class occurs only in held-out rows
///                    warn: split so that class frequencies differ, or most values are outside the range of the training rows
///   class-imbalance  fail: only one class; a class that only held-out rows have, more often than chance would leave it there
///                    warn: classes ten times rarer in training than held out, z > 5; less than 30 rows beside one of .99;
///                    class weights 20 times more uneven than the classes, or 0
///   data-leak        warn: held-out rows repeat training rows more than these do each other: `most_leaked`, z > 5
///                    warn: 30 % of the rows of both have a copy with the same target among the training rows
///   data-quality     warn: half of the training rows are such copies
/// Classes at 1 : 10, or 1 : 100 with enough rows, can be learnt and are no alarm. Constant and repeated columns and rows are
/// only reported.
struct DataQuality {
  double most_leaked = 0.05, most_lost = 0.03;
  static constexpr auto fields = std::tuple{
      field_of<DataQuality>("most_leaked", &DataQuality::most_leaked, part_of_one(), "",
                            "share of held-out rows that may be training rows, beyond chance"),
      field_of<DataQuality>("most_lost", &DataQuality::most_lost, part_of_one(), "",
                            "share of rows, cells or files that may be left out or read as missing")};
  static constexpr Effort effort = Effort::still;
  static constexpr int place = 0;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend
