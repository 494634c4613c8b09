#pragma once
#include <string>
#include <utility>
#include <vector>

#include "tend/train/targets.h"

namespace tend {

/// loss, accuracy, mse, mae, r2 by name, in a fixed order.
using Metrics = std::vector<std::pair<std::string, double>>;

/// Collects rows' outputs and computes the metrics of the task: loss; accuracy for classes and labels; mse, mae and r2 for
/// values, in the target's units. For rows of places the mean is over places. Sums are in double, in the order of the rows.
class MetricSums {
 public:
  /// y: the targets [N, T] of the rows that will be added, as in the data set (for r2's mean).
  MetricSums(const TargetCoding& coding, const Array& y, const std::vector<std::int64_t>* which, std::int64_t rows);
  void add_row(double loss, const float* outputs, const double* y);
  Metrics metrics() const;

 private:
  const TargetCoding* coding_;
  std::vector<double> mean_, residual_, total_;  // per target column
  double loss_ = 0, correct_ = 0, squared_ = 0, absolute_ = 0;
  std::int64_t rows_ = 0, values_ = 0;
};

/// The metrics, except the loss, of the constant prediction that is best by the training targets: the most frequent class, the
/// more frequent value of each label, the mean of each value. `part` must have rows.
Metrics baseline_metrics(Task task, const Part& train, const Part& part);

/// The value of a metric by name; NaN if the metric is not there.
double metric_of(const Metrics& metrics, std::string_view name);
/// True if a larger value is better (accuracy, r2), false if a smaller one is (loss, mse, mae).
bool more_is_better(std::string_view metric);

}  // namespace tend
