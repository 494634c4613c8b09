#include "tend/trial/score.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

namespace tend {

namespace {

constexpr std::int64_t enough_scored = 30;
constexpr std::size_t most_scored = 400;
constexpr double least_probability = 1e-12;

/// The answers to one question: which class, or whether a label holds.
class ClassAnswers {
 public:
  /// `shares`: of the classes among the training rows.
  explicit ClassAnswers(std::vector<double> shares) : shares_(std::move(shares)), rows_(shares_.size()) {}

  void add(std::size_t right, double probability) {
    right_.push_back(right);
    ++rows_[right];
    probabilities_.push_back(std::isfinite(probability) ? probability : 0);
  }
  std::optional<Score> score() const {
    const auto n = static_cast<double>(right_.size()), classes = static_cast<double>(shares_.size());
    const auto present = static_cast<double>(std::count_if(rows_.begin(), rows_.end(), [](double r) { return r > 0; }));
    if (present == 0) return {};
    double of_shares = 0;
    for (const std::size_t k : right_) of_shares -= std::log(shares_[k]);
    const bool is_equal = of_shares > n * std::log(classes);
    const double log_loss = is_equal ? n * std::log(classes) : of_shares, guess = 1 / present;
    if (!(log_loss > 0)) return {};
    const auto part = [&](std::size_t k, double probability) {
      const double by_loss = 1 + n * std::log(std::max(probability, least_probability)) / log_loss;
      const double by_class = present < 2 ? by_loss : (n / (present * rows_[k]) * probability - guess) / (1 - guess);
      return 0.5 * (by_loss + by_class);
    };
    Score score;
    for (std::size_t i = 0; i < right_.size(); ++i) {
      score.parts.push_back(part(right_[i], probabilities_[i]));
      score.constant.push_back(part(right_[i], is_equal ? 1 / classes : shares_[right_[i]]));
    }
    return score;
  }

 private:
  std::vector<double> shares_, rows_;  // by class
  std::vector<std::size_t> right_;     // by row
  std::vector<double> probabilities_;  // of the right class
};

/// The answers and values of one target.
struct ValueAnswers {
  std::vector<double> values, answers;

  std::optional<Score> score() const {
    const auto n = static_cast<double>(values.size());
    double mean = 0, squares = 0;
    for (const double v : values) mean += v / n;
    for (const double v : values) squares += (v - mean) * (v - mean);
    if (!(squares > 0)) return {};
    Score score;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double error = answers[i] - values[i], part = 1 - n * error * error / squares;
      score.parts.push_back(std::isfinite(part) ? part : -n);
      score.constant.push_back(1 - n * (values[i] - mean) * (values[i] - mean) / squares);
    }
    return score;
  }
};

/// The mean over targets.
Score mean_of(const std::vector<Score>& scores) {
  Score mean;
  if (scores.empty()) return mean;
  const std::size_t rows = scores[0].parts.size();
  mean.parts.resize(rows);
  mean.constant.resize(rows);
  for (const Score& score : scores)
    for (std::size_t i = 0; i < rows; ++i) {
      mean.parts[i] += score.parts[i] / static_cast<double>(scores.size());
      mean.constant[i] += score.constant[i] / static_cast<double>(scores.size());
    }
  for (const double part : mean.parts) mean.value += part / static_cast<double>(rows);
  if (!(mean.value >= 0)) {
    mean.value = std::max(-1.0, mean.value);
    for (std::size_t i = 0; i < rows; ++i) mean.parts[i] = mean.constant[i] + mean.value;
  }
  return mean;
}

/// Of the classes, or of the values of a label, among some training rows; each is counted once more than it is there, so that
/// none has 0.
std::vector<double> training_shares(const Plan& plan, std::size_t classes, std::size_t label) {
  constexpr std::int64_t most_counted = 10000;
  const Array& y = plan.parts().train.y;
  const auto width = static_cast<std::size_t>(plan.coding().task == Task::multilabel ? std::max<std::int64_t>(1, y.row_size())
                                                                                     : 1);
  const std::int64_t values = y.shape().count() / static_cast<std::int64_t>(width);
  std::vector<double> shares(classes, 1);
  double sum = static_cast<double>(classes);
  for (std::int64_t i = 0; i < values; i += 1 + values / most_counted, ++sum) {
    const double v = y.as<double>()[static_cast<std::size_t>(i) * width + label];
    ++shares[plan.coding().task == Task::multilabel ? static_cast<std::size_t>(v > 0.5) : static_cast<std::size_t>(v)];
  }
  for (double& share : shares) share /= sum;
  return shares;
}

/// All answers, by question or target.
class Answers {
 public:
  Answers(const Plan& plan, std::size_t targets)
      : coding_(plan.coding()), answer_(static_cast<std::size_t>(coding_.answer_width())) {
    if (coding_.task == Task::classification)
      classes_.emplace_back(training_shares(plan, static_cast<std::size_t>(std::max<std::int64_t>(2, coding_.classes)), 0));
    for (std::size_t t = 0; coding_.task == Task::multilabel && t < targets; ++t)
      classes_.emplace_back(training_shares(plan, 2, t));
    if (coding_.task == Task::regression) values_.resize(targets);
  }
  /// The outputs of one place, and its targets.
  void add(const float* outputs, const double* y) {
    coding_.answer(outputs, answer_.data());
    for (std::size_t t = 0; t < values_.size(); ++t) {
      values_[t].values.push_back(y[t]);
      values_[t].answers.push_back(answer_[t]);
    }
    if (coding_.task == Task::classification)
      return classes_[0].add(static_cast<std::size_t>(y[0]), answer_[static_cast<std::size_t>(y[0])]);
    for (std::size_t t = 0; t < classes_.size(); ++t) classes_[t].add(y[t] > 0.5, y[t] > 0.5 ? answer_[t] : 1 - answer_[t]);
  }
  Score score() const {
    std::vector<Score> all;
    for (const ClassAnswers& one : classes_)
      if (std::optional<Score> score = one.score()) all.push_back(std::move(*score));
    for (const ValueAnswers& one : values_)
      if (std::optional<Score> score = one.score()) all.push_back(std::move(*score));
    return mean_of(all);
  }

 private:
  const TargetCoding& coding_;
  std::vector<double> answer_;
  std::vector<ClassAnswers> classes_;
  std::vector<ValueAnswers> values_;
};

}  // namespace

Score score_of(const Run& run, PartName name, const std::vector<std::int64_t>& rows) {
  const Plan& plan = run.plan();
  const Part& part = name == PartName::train        ? plan.parts().train
                     : name == PartName::validation ? plan.parts().validation
                                                    : plan.parts().test;
  const TargetCoding& coding = plan.coding();
  const std::int64_t width = std::max<std::int64_t>(1, part.y.row_size());
  Answers answers(plan, coding.places > 1 ? 1 : static_cast<std::size_t>(width));
  plan.inference().each_row(run.state().data(), part, nullptr, &rows, run.executor(),
                            [&](std::int64_t r, const float* outputs, double) {
                              const double* y = part.y.as<double>() + rows[static_cast<std::size_t>(r)] * width;
                              for (std::int64_t place = 0; place < coding.places; ++place)
                                answers.add(outputs + place * coding.outputs, y + (coding.places > 1 ? place : 0));
                            });
  return answers.score();
}

double error_of_difference(const std::vector<double>& a, const std::vector<double>& b) {
  const std::size_t n = std::min(a.size(), b.size());
  if (n < 2) return 0;
  double mean = 0, squares = 0;
  for (std::size_t i = 0; i < n; ++i) mean += (a[i] - b[i]) / static_cast<double>(n);
  for (std::size_t i = 0; i < n; ++i) squares += (a[i] - b[i] - mean) * (a[i] - b[i] - mean);
  return std::sqrt(squares / static_cast<double>(n - 1) / static_cast<double>(n));
}

ScoredRows rows_to_score(const TrialContext& context) {
  const bool is_held_out = context.plan().parts().validation.rows() >= enough_scored;
  ScoredRows scored{.part = is_held_out ? PartName::validation : PartName::train,
                    .rows = (is_held_out ? context.validation_sample() : context.training_sample()).rows,
                    .is_held_out = is_held_out};
  scored.rows.resize(std::min(scored.rows.size(), most_scored));
  return scored;
}

std::optional<LeftOutRows> rows_to_leave_out(const TrialContext& context) {
  constexpr std::int64_t parts = 5;
  const Plan& plan = context.plan();
  const DataSettings& data = plan.experiment().data;
  const std::int64_t rows = plan.parts().train.rows();
  const bool belong_together = plan.like().is_text || plan.coding().places > 1 || !data.group.is_null() || data.is_ordered();
  if (plan.parts().validation.rows() >= enough_scored || belong_together || rows < parts * enough_scored) return {};
  std::vector<std::int64_t> order(static_cast<std::size_t>(rows));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  Random(plan.experiment().seed, purpose("rows that trials leave out")).shuffle(order.data(), order.size());
  const auto middle = order.begin() + rows / parts;
  LeftOutRows left{.scored = {.part = PartName::train, .rows = {order.begin(), middle}}, .rest = {middle, order.end()}};
  left.scored.rows.resize(std::min(left.scored.rows.size(), most_scored));
  std::sort(left.scored.rows.begin(), left.scored.rows.end());
  std::sort(left.rest.begin(), left.rest.end());
  return left;
}

}  // namespace tend
