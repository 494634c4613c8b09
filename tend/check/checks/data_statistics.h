#pragma once
#include "tend/check/setup.h"

namespace tend {

/// Do the prepared inputs have a suitable size for the first layer with weights, and a regression's targets for the last?
/// Initializers expect inputs of unit size (LeCun et al., 1998, "Efficient BackProp", 4.3; He et al., 2015, eq. 7), a bias counts
/// as an input of 1, and a step of gradient descent grows with the square of the inputs.
///   inputs   root mean square of all: warn above `most`. Sound ones lie about 0.1 .. 10, bytes 0 .. 255 at 60 .. 150.
///            warn where what is not 0 in the largest column is below 1 / `most` (sparse rows are small on the whole, and do
///            well) and the optimizer is sgd, momentum or nesterov, whose steps shrink with it; of others, which divide the
///            gradient's size out, below `least`: small_inputs tries the rest
///   targets  as the loss sees them: warn where three quarters are above `most_target` in size, or all below 1 / `most_target`
/// Where a normalization comes first, before or right after the first weights, the inputs' scale does no harm and is only
/// reported.
struct DataStatistics {
  double most = 30, least = 0.001, most_target = 1000;
  static constexpr auto fields = std::tuple{
      field_of<DataStatistics>("most", &DataStatistics::most, above(1), "",
                               "largest root mean square of the inputs; 1 over it is the smallest"),
      field_of<DataStatistics>("least", &DataStatistics::least, above(0), "",
                               "smallest size of the largest column, with optimizers whose steps do not shrink with the inputs"),
      field_of<DataStatistics>("most_target", &DataStatistics::most_target, above(1), "",
                               "largest size of a regression's targets; 1 over it is the smallest")};
  static constexpr Effort effort = Effort::still;
  static constexpr int place = 10;

  std::vector<CheckResult> run(const Setup& setup) const;
};

/// Root mean square of what is not 0 in the largest column; 0 where scale means nothing: codes, or a normalization first.
double largest_size(const Setup& setup);

}  // namespace tend
