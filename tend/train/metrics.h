#pragma once
#include <string>
#include <utility>
#include <vector>

#include "tend/train/targets.h"

namespace tend {

/// Values by name, in a fixed order; NaN where one is not defined.
using Metrics = std::vector<std::pair<std::string, double>>;

/// The metrics to compute: all of the task, or only the main ones (is_main_metric) and those named. The others are then left out.
/// The value of a metric does not depend on which others are computed.
struct WantedMetrics {
  bool are_all = true;
  std::vector<std::string> named = {};

  bool has(std::string_view metric) const;
  bool operator==(const WantedMetrics&) const = default;
};

/// How often rows of each class were taken for each class: counts[true * classes + predicted]. Empty unless rows have classes.
struct Confusion {
  std::int64_t classes = 0;
  std::vector<std::int64_t> counts;

  std::int64_t rows_of(std::int64_t k) const;     ///< that are of class k
  std::int64_t answers_of(std::int64_t k) const;  ///< that are predicted as class k
  std::int64_t right_of(std::int64_t k) const { return counts[static_cast<std::size_t>(k * classes + k)]; }
  double recall(std::int64_t k) const;     ///< right / rows; NaN without rows
  double precision(std::int64_t k) const;  ///< right / answers; NaN without answers
  double f1(std::int64_t k) const;         ///< 2 right / (rows + answers); NaN without both
};

/// Collects rows' outputs and computes the metrics of the task; sums are in double, in the order of the rows.
///   all         loss
///   classes     accuracy; for rows of places it is the mean over places, and there are no further ones
///               balanced_accuracy   mean recall of the classes that have rows
///               f1_macro            mean F1 of the classes that have rows or answers
///               top_5_accuracy      with more than 5 classes: the right one is among the 5 most probable
///               roc_auc             mean over classes of the area under the curve of that class against all others; of two
///                                   classes, that of the second (Hand and Till, 2001; ties count half)
///               calibration_error   mean of |accuracy - confidence| over 15 bins of the confidence, weighted by rows (Guo et al.,
///                                   2017, sec. 2)
///               calibrated_loss     the loss at the temperature that fits these rows best (train/calibration.h)
///   labels      accuracy, f1_macro, roc_auc, calibrated_loss: means over labels
///   values      mse, mae, r2, in the target's units
/// roc_auc, calibration_error and calibrated_loss need all probabilities. Of more than 2 million of them they take every second,
/// third ... row, so that 2 million at most are kept.
class MetricSums {
 public:
  /// y: the targets [N, T] of the rows that will be added, as in the data set (for r2's mean). `coding` must outlive this object.
  MetricSums(const TargetCoding& coding, const Array& y, const std::vector<std::int64_t>* which, std::int64_t rows,
             WantedMetrics wanted = {});
  void add_row(double loss, const float* outputs, const double* y);
  Metrics metrics() const;
  const Confusion& confusion() const { return confusion_; }

 private:
  bool keeps_row() const { return kept_one_in_ > 0 && (rows_ - 1) % kept_one_in_ == 0; }
  void add_class(const float* outputs, std::int64_t code, std::int64_t answer);
  void add_class_metrics(Metrics& all) const;
  double area_of(std::int64_t column) const;
  double mean_area(std::int64_t first, std::int64_t columns) const;
  double calibration_error() const;
  double calibrated_loss() const;

  const TargetCoding* coding_;
  WantedMetrics wanted_;
  Confusion confusion_;  // of labels: one of two classes for each, below
  std::vector<Confusion> labels_;
  std::vector<double> answers_;      // [kept rows, answer_width]: probabilities
  std::vector<std::int64_t> codes_;  // [kept rows, columns]: classes, or the 0 and 1 of labels
  double top_5_ = 0;
  std::vector<double> mean_, residual_, total_;  // per target column
  double loss_ = 0, correct_ = 0, squared_ = 0, absolute_ = 0;
  std::int64_t rows_ = 0, values_ = 0, kept_one_in_ = 0;  // 0: no row's probabilities are kept
};

/// The metrics, except the loss, of the constant prediction that is best by the training targets: the most frequent class, the
/// more frequent value of each label, the mean of each value. Of classes also calibrated_loss, the log loss of the shares that
/// they have among the training rows. `part` must have rows.
Metrics baseline_metrics(Task task, const Part& train, const Part& part);

/// The names of a task's metrics. `classes`: 0 unless rows have one class each.
std::vector<std::string> metric_names(Task task, std::int64_t classes);
/// Is it shown for each epoch: loss, accuracy, mse, mae, r2?
bool is_main_metric(std::string_view metric);
/// The value of a metric by name; NaN if the metric is not there.
double metric_of(const Metrics& metrics, std::string_view name);
/// Of one run: with n - 1; 0 for a single value.
struct MeanAndDeviation {
  double mean = 0, deviation = 0;
  std::size_t count = 0;
};
MeanAndDeviation mean_and_deviation(const std::vector<double>& values);
/// True if a larger value is better, false if a smaller one is (loss, mse, mae, calibration_error, calibrated_loss).
bool more_is_better(std::string_view metric);

}  // namespace tend
