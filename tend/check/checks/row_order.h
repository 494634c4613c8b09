#pragma once
#include "tend/check/setup.h"

namespace tend {

/// How much batches differ where rows keep their order. Of each batch, in the order of training, half the sum over
/// classes (tenths of the values, for regressions) of |share in the batch - share among all rows|; the mean over batches is 0
/// where every batch is like all rows.
///   sortedness = (mean as it is - mean of rows in random order) / (mean of sorted rows - mean of rows in random order)
/// 0: as good as shuffled; 1: sorted. warn above `most` with train.shuffle = false: each batch then pulls towards its own class
/// (Bengio, 2012, "Practical recommendations", 3.1.2: examples in random order). One batch an epoch, or batches that hold
/// everything, do no harm.
struct RowOrder {
  double most = 0.5;
  static constexpr auto fields = std::tuple{
      field_of<RowOrder>("most", &RowOrder::most, above(0), "", "largest sortedness of unshuffled rows")};
  static constexpr Effort effort = Effort::still;
  static constexpr int place = 4;

  std::vector<CheckResult> run(const Setup& setup) const;
};

}  // namespace tend
