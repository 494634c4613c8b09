#include "tend/train/metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "tend/train/calibration.h"

namespace tend {

namespace {

constexpr std::int64_t most_classes = 1000, most_answers = 2'000'000;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double ratio(std::int64_t part, std::int64_t of) { return of ? static_cast<double>(part) / static_cast<double>(of) : nan; }

/// The mean of those that are defined; NaN if none is.
template <class Of>
double mean_over(std::int64_t n, Of of) {
  double sum = 0;
  std::int64_t defined = 0;
  for (std::int64_t i = 0; i < n; ++i)
    if (const double v = of(i); !std::isnan(v)) sum += v, ++defined;
  return defined ? sum / static_cast<double>(defined) : nan;
}

}  // namespace

std::int64_t Confusion::rows_of(std::int64_t k) const {
  const auto first = counts.begin() + k * classes;
  return std::accumulate(first, first + classes, std::int64_t{0});
}
std::int64_t Confusion::answers_of(std::int64_t k) const {
  std::int64_t sum = 0;
  for (std::int64_t c = 0; c < classes; ++c) sum += counts[static_cast<std::size_t>(c * classes + k)];
  return sum;
}
double Confusion::recall(std::int64_t k) const { return ratio(right_of(k), rows_of(k)); }
double Confusion::precision(std::int64_t k) const { return ratio(right_of(k), answers_of(k)); }
double Confusion::f1(std::int64_t k) const { return ratio(2 * right_of(k), rows_of(k) + answers_of(k)); }

bool WantedMetrics::has(std::string_view metric) const {
  return are_all || is_main_metric(metric) || std::find(named.begin(), named.end(), metric) != named.end();
}

MetricSums::MetricSums(const TargetCoding& coding, const Array& y, const std::vector<std::int64_t>* which, std::int64_t rows,
                       WantedMetrics wanted)
    : coding_(&coding), wanted_(std::move(wanted)) {
  const auto empty = [](std::int64_t n) { return Confusion{n, std::vector<std::int64_t>(static_cast<std::size_t>(n * n))}; };
  if (coding.task == Task::classification && coding.places == 1 && coding.classes <= most_classes)
    confusion_ = empty(std::max<std::int64_t>(coding.classes, 2));
  if (coding.task == Task::multilabel) labels_.assign(static_cast<std::size_t>(coding.outputs), empty(2));
  const bool has_answers = confusion_.classes > 0 || !labels_.empty();
  if (has_answers && (wanted_.has("roc_auc") || wanted_.has("calibration_error") || wanted_.has("calibrated_loss"))) {
    kept_one_in_ = std::max<std::int64_t>(1, (rows * coding.answer_width() + most_answers - 1) / most_answers);
    const std::int64_t kept = (rows + kept_one_in_ - 1) / kept_one_in_;
    answers_.reserve(static_cast<std::size_t>(kept * coding.answer_width()));
    codes_.reserve(static_cast<std::size_t>(kept) * std::max<std::size_t>(1, labels_.size()));
  }
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
    for (std::int64_t t = 0; t < coding_->places; ++t, ++values_) {
      const std::int64_t answer = coding_->decide(outputs + t * coding_->outputs), code = static_cast<std::int64_t>(y[t]);
      correct_ += answer == code;
      if (confusion_.classes > 0) add_class(outputs, code, answer);
    }
    return;
  }
  if (!labels_.empty() && keeps_row()) {
    const std::size_t first = answers_.size();
    answers_.resize(first + static_cast<std::size_t>(coding_->answer_width()));
    coding_->answer(outputs, answers_.data() + first);
  }
  for (std::int64_t t = 0; t < coding_->outputs; ++t, ++values_) {
    const auto at = static_cast<std::size_t>(t);
    if (coding_->task == Task::multilabel) {
      const bool answer = outputs[t] > coding_->decides_at, label = y[t] != 0;
      correct_ += answer == label;
      ++labels_[at].counts[2 * label + answer];
      if (keeps_row()) codes_.push_back(label);
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

void MetricSums::add_class(const float* outputs, std::int64_t code, std::int64_t answer) {
  const std::int64_t n = confusion_.classes, width = coding_->outputs;
  if (code < 0 || code >= n || answer < 0 || answer >= n) return;
  ++confusion_.counts[static_cast<std::size_t>(code * n + answer)];
  if (width > 5 && wanted_.has("top_5_accuracy")) {
    const float own = outputs[code];
    top_5_ += std::count_if(outputs, outputs + width, [own](float v) { return v > own; }) < 5 && !std::isnan(own);
  }
  if (!keeps_row()) return;
  const std::size_t first = answers_.size();
  answers_.resize(first + static_cast<std::size_t>(coding_->answer_width()));
  coding_->answer(outputs, answers_.data() + first);
  codes_.push_back(code);
}

/// The share of pairs of a row of the class (with the label) and another row in which the first has the higher probability.
double MetricSums::area_of(std::int64_t column) const {
  const std::int64_t width = coding_->answer_width(), rows = static_cast<std::int64_t>(answers_.size()) / width;
  std::vector<std::pair<double, bool>> scores;
  scores.reserve(static_cast<std::size_t>(rows));
  for (std::int64_t r = 0; r < rows; ++r) {
    const bool is_of = labels_.empty() ? codes_[static_cast<std::size_t>(r)] == column
                                       : codes_[static_cast<std::size_t>(r * width + column)] != 0;
    const double score = answers_[static_cast<std::size_t>(r * width + column)];
    if (std::isnan(score)) return nan;
    scores.emplace_back(score, is_of);
  }
  std::sort(scores.begin(), scores.end());
  double ranks = 0;
  std::int64_t of = 0;
  for (std::size_t i = 0; i < scores.size();) {
    std::size_t end = i;
    std::int64_t here = 0;
    for (; end < scores.size() && scores[end].first == scores[i].first; ++end) here += scores[end].second;
    ranks += static_cast<double>(here) * (static_cast<double>(i + end) + 1) / 2;
    of += here;
    i = end;
  }
  const auto n = static_cast<double>(of), others = static_cast<double>(rows - of);
  return n > 0 && others > 0 ? (ranks - n * (n + 1) / 2) / (n * others) : nan;
}

double MetricSums::mean_area(std::int64_t first, std::int64_t columns) const {
  return answers_.empty() ? nan : mean_over(columns, [&](std::int64_t c) { return area_of(first + c); });
}

double MetricSums::calibration_error() const {
  constexpr std::size_t bins = 15;
  if (answers_.empty()) return nan;
  struct Bin {
    double confidence = 0, right = 0;
  } all[bins];
  const std::int64_t width = coding_->answer_width(), rows = static_cast<std::int64_t>(answers_.size()) / width;
  for (std::int64_t r = 0; r < rows; ++r) {
    const double* p = answers_.data() + r * width;
    const double* most = std::max_element(p, p + width);
    if (std::isnan(*most)) return nan;
    Bin& bin = all[std::min(bins - 1, static_cast<std::size_t>(std::max(0.0, *most) * bins))];
    bin.confidence += *most;
    bin.right += most - p == codes_[static_cast<std::size_t>(r)];
  }
  double sum = 0;
  for (const Bin& bin : all) sum += std::abs(bin.right - bin.confidence);
  return sum / static_cast<double>(rows);
}

double MetricSums::calibrated_loss() const {
  return fit_temperature(coding_->task, answers_, codes_, coding_->answer_width()).loss;
}

void MetricSums::add_class_metrics(Metrics& all) const {
  const std::int64_t n = confusion_.classes;
  const bool is_binary = coding_->answer_width() == 2;
  const auto add = [&](const char* name, const auto& value) {
    if (wanted_.has(name)) all.emplace_back(name, value());
  };
  add("balanced_accuracy", [&] { return mean_over(n, [&](std::int64_t k) { return confusion_.recall(k); }); });
  add("f1_macro", [&] { return mean_over(n, [&](std::int64_t k) { return confusion_.f1(k); }); });
  if (coding_->outputs > 5) add("top_5_accuracy", [&] { return top_5_ / static_cast<double>(values_); });
  add("roc_auc", [&] { return mean_area(is_binary, is_binary ? 1 : n); });
  add("calibration_error", [&] { return calibration_error(); });
  add("calibrated_loss", [&] { return calibrated_loss(); });
}

std::vector<std::pair<std::string, double>> MetricSums::metrics() const {
  std::vector<std::pair<std::string, double>> all{{"loss", loss_ / static_cast<double>(rows_)}};
  const auto values = static_cast<double>(values_);
  if (coding_->task != Task::regression) {
    all.emplace_back("accuracy", correct_ / values);
    if (confusion_.classes > 0) add_class_metrics(all);
    if (labels_.empty()) return all;
    const auto count = static_cast<std::int64_t>(labels_.size());
    const auto f1_of = [&](std::int64_t t) { return labels_[static_cast<std::size_t>(t)].f1(1); };
    if (wanted_.has("f1_macro")) all.emplace_back("f1_macro", mean_over(count, f1_of));
    if (wanted_.has("roc_auc")) all.emplace_back("roc_auc", mean_area(0, count));
    if (wanted_.has("calibrated_loss")) all.emplace_back("calibrated_loss", calibrated_loss());
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

namespace {

/// The log loss of the shares of the classes among the training rows; a class without a row counts as half a row.
double loss_of_shares(const Part& train, const Part& part) {
  std::map<double, double> counts;
  const auto rows = static_cast<double>(train.rows());
  for (std::int64_t r = 0; r < train.rows(); ++r) ++counts[train.y.as<double>()[r]];
  double loss = 0;
  for (std::int64_t r = 0; r < part.rows(); ++r) loss -= std::log(std::max(0.5, counts[part.y.as<double>()[r]]) / rows);
  return loss / static_cast<double>(part.rows());
}

}  // namespace

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
  if (task == Task::classification && columns == 1)
    return {{"accuracy", correct / values}, {"calibrated_loss", loss_of_shares(train, part)}};
  if (!is_regression) return {{"accuracy", correct / values}};
  double r2 = 0;
  for (std::int64_t t = 0; t < columns; ++t) {
    double mean = 0, total = 0, residual = 0, answer = 0;
    for (std::int64_t r = 0; r < train.rows(); ++r) answer += seen[r * columns + t] / static_cast<double>(train.rows());
    for (std::int64_t r = 0; r < part.rows(); ++r) mean += wanted[r * columns + t] / static_cast<double>(part.rows());
    for (std::int64_t r = 0; r < part.rows(); ++r) {
      total += std::pow(wanted[r * columns + t] - mean, 2);
      residual += std::pow(wanted[r * columns + t] - answer, 2);
    }
    r2 += (total > 0 ? 1 - residual / total : nan) / static_cast<double>(columns);
  }
  return {{"mse", squared / values}, {"mae", absolute / values}, {"r2", r2}};
}

MeanAndDeviation mean_and_deviation(const std::vector<double>& values) {
  MeanAndDeviation all{.count = values.size()};
  for (const double v : values) all.mean += v / static_cast<double>(values.size());
  for (const double v : values) all.deviation += (v - all.mean) * (v - all.mean);
  all.deviation = values.size() > 1 ? std::sqrt(all.deviation / static_cast<double>(values.size() - 1)) : 0;
  return all;
}

double metric_of(const std::vector<std::pair<std::string, double>>& metrics, std::string_view name) {
  for (const auto& [key, value] : metrics)
    if (key == name) return value;
  return std::numeric_limits<double>::quiet_NaN();
}

std::vector<std::string> metric_names(Task task, std::int64_t classes) {
  if (task == Task::regression) return {"loss", "mse", "mae", "r2"};
  std::vector<std::string> names{"loss", "accuracy"};
  if (task == Task::multilabel) names.insert(names.end(), {"f1_macro", "roc_auc", "calibrated_loss"});
  else if (classes > 0)
    names.insert(names.end(), {"balanced_accuracy", "f1_macro", "roc_auc", "calibration_error", "calibrated_loss"});
  if (classes > 5) names.push_back("top_5_accuracy");
  return names;
}

bool is_main_metric(std::string_view metric) {
  return metric == "loss" || metric == "accuracy" || metric == "mse" || metric == "mae" || metric == "r2";
}

bool more_is_better(std::string_view metric) {
  return metric != "loss" && metric != "mse" && metric != "mae" && metric != "calibration_error" && metric != "calibrated_loss";
}

}  // namespace tend
