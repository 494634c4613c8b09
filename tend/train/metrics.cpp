#include "tend/train/metrics.h"

#include <cmath>
#include <limits>
#include <map>

namespace tend {

MetricSums::MetricSums(const TargetCoding& coding, const Array& y, const std::vector<std::int64_t>* which, std::int64_t rows)
    : coding_(&coding) {
  if (coding.task != Task::regression || rows == 0) return;
  const auto columns = static_cast<std::size_t>(coding.outputs);
  mean_.assign(columns, 0), residual_.assign(columns, 0), total_.assign(columns, 0);
  const double* values = y.as<double>();
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::size_t t = 0; t < columns; ++t)
      mean_[t] += values[static_cast<std::size_t>(which ? (*which)[static_cast<std::size_t>(r)] : r) * columns + t];
  for (double& mean : mean_) mean /= static_cast<double>(rows);
}

void MetricSums::add_row(double loss, const float* outputs, const double* y) {
  ++rows_;
  loss_ += loss;
  if (coding_->task == Task::classification) {
    for (std::int64_t t = 0; t < coding_->places; ++t, ++values_)
      correct_ += coding_->decide(outputs + t * coding_->outputs) == static_cast<std::int64_t>(y[t]);
    return;
  }
  for (std::int64_t t = 0; t < coding_->outputs; ++t, ++values_) {
    const auto at = static_cast<std::size_t>(t);
    if (coding_->task == Task::multilabel) {
      correct_ += (outputs[t] > coding_->decides_at) == (y[t] != 0);
      continue;
    }
    const double value = coding_->shift.empty() ? outputs[t] : outputs[t] * coding_->scale[at] + coding_->shift[at];
    const double error = value - y[t];
    squared_ += error * error;
    absolute_ += std::abs(error);
    residual_[at] += error * error;
    total_[at] += (y[t] - mean_[at]) * (y[t] - mean_[at]);
  }
}

std::vector<std::pair<std::string, double>> MetricSums::metrics() const {
  std::vector<std::pair<std::string, double>> all{{"loss", loss_ / static_cast<double>(rows_)}};
  const auto values = static_cast<double>(values_);
  if (coding_->task != Task::regression) {
    all.emplace_back("accuracy", correct_ / values);
    return all;
  }
  double r2 = 0;  // undefined (NaN) for targets that are all equal up to rounding
  for (std::size_t t = 0; t < total_.size(); ++t) {
    const bool varies = total_[t] > 1e-24 * mean_[t] * mean_[t] * static_cast<double>(rows_);
    r2 += (varies ? 1 - residual_[t] / total_[t] : std::numeric_limits<double>::quiet_NaN()) / static_cast<double>(total_.size());
  }
  all.insert(all.end(), {{"mse", squared_ / values}, {"mae", absolute_ / values}, {"r2", r2}});
  return all;
}

Metrics baseline_metrics(Task task, const Part& train, const Part& part) {
  const std::int64_t columns = train.y.row_size();
  const double *seen = train.y.as<double>(), *wanted = part.y.as<double>();
  double correct = 0, squared = 0, absolute = 0;
  const bool is_regression = task == Task::regression;
  for (std::int64_t t = 0; t < columns; ++t) {
    double answer = 0;
    std::map<double, std::int64_t> counts;
    for (std::int64_t r = 0; r < train.rows(); ++r) {
      const double v = seen[r * columns + t];
      if (is_regression) answer += v;
      else if (const std::int64_t n = ++counts[v]; n > counts[answer]) answer = v;
    }
    if (is_regression) answer /= static_cast<double>(train.rows());
    for (std::int64_t r = 0; r < part.rows(); ++r) {
      const double error = wanted[r * columns + t] - answer;
      correct += error == 0;
      squared += error * error;
      absolute += std::abs(error);
    }
  }
  const double values = static_cast<double>(part.rows() * columns);
  if (!is_regression) return {{"accuracy", correct / values}};
  return {{"mse", squared / values}, {"mae", absolute / values}};
}

double metric_of(const std::vector<std::pair<std::string, double>>& metrics, std::string_view name) {
  for (const auto& [key, value] : metrics)
    if (key == name) return value;
  return std::numeric_limits<double>::quiet_NaN();
}

bool more_is_better(std::string_view metric) { return metric == "accuracy" || metric == "r2"; }

}  // namespace tend
