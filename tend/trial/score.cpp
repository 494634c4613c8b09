#include "tend/trial/score.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tend {

namespace {

constexpr std::int64_t enough_scored = 30;
constexpr std::size_t most_scored = 400;
constexpr double least_probability = 1e-12;  // so that one row does not decide

/// Sums over rows of the probabilities of one question: which class, or whether a label holds.
class ClassSums {
 public:
  explicit ClassSums(std::size_t classes) : rows_(classes), right_(classes), log_loss_(classes) {}

  void add(std::size_t right, double probability) {
    if (!std::isfinite(probability)) probability = 0;
    ++rows_[right];
    right_[right] += probability;
    log_loss_[right] -= std::log(std::max(probability, least_probability));
  }
  double score() const {
    double rows = 0, present = 0, right = 0, log_loss = 0, of_shares = 0;
    for (const double n : rows_) rows += n;
    for (std::size_t k = 0; k < rows_.size(); ++k) {
      if (rows_[k] == 0) continue;
      ++present;
      right += right_[k] / rows_[k];
      log_loss += log_loss_[k];
      of_shares -= rows_[k] * std::log(rows_[k] / rows);
    }
    if (present < 2) return 0;  // nothing to tell apart
    const double guess = 1 / present;
    return 0.5 * std::max(-1.0, 1 - log_loss / of_shares) + 0.5 * std::max(-1.0, (right / present - guess) / (1 - guess));
  }

 private:
  std::vector<double> rows_, right_, log_loss_;  // by class
};

/// Sums over rows; values of a regression are collected by target column.
class ScoreSums {
 public:
  ScoreSums(const TargetCoding& coding, std::int64_t targets)
      : coding_(coding),
        targets_(static_cast<std::size_t>(targets)),
        mean_(targets_),
        squares_(targets_),
        error_(targets_),
        answer_(static_cast<std::size_t>(coding.answer_width())) {
    if (coding.task == Task::classification)
      classes_.assign(1, ClassSums(static_cast<std::size_t>(std::max<std::int64_t>(2, coding.classes))));
    if (coding.task == Task::multilabel) classes_.assign(targets_, ClassSums(2));
  }

  /// The outputs of one place, and its targets.
  void add(const float* outputs, const double* y) {
    coding_.answer(outputs, answer_.data());
    ++count_;
    if (coding_.task == Task::regression) return add_values(y);
    if (coding_.task == Task::classification)
      return classes_[0].add(static_cast<std::size_t>(y[0]), answer_[static_cast<std::size_t>(y[0])]);
    for (std::size_t t = 0; t < targets_; ++t) classes_[t].add(y[t] > 0.5, y[t] > 0.5 ? answer_[t] : 1 - answer_[t]);
  }

  double score() const {
    if (count_ == 0) return 0;
    double sum = 0;
    if (coding_.task != Task::regression) {
      for (const ClassSums& one : classes_) sum += one.score();
      return sum / static_cast<double>(classes_.size());
    }
    for (std::size_t t = 0; t < targets_; ++t) {
      const double deviation = squares_[t] - mean_[t] * mean_[t] / count_;
      const double r2 = deviation > 0 ? 1 - error_[t] / deviation : -1;
      sum += std::isfinite(r2) ? std::max(-1.0, r2) : -1;
    }
    return sum / static_cast<double>(targets_);
  }

 private:
  void add_values(const double* y) {
    for (std::size_t t = 0; t < targets_; ++t) {
      mean_[t] += y[t];
      squares_[t] += y[t] * y[t];
      error_[t] += (answer_[t] - y[t]) * (answer_[t] - y[t]);
    }
  }

  const TargetCoding& coding_;
  std::size_t targets_;
  std::vector<ClassSums> classes_;
  std::vector<double> mean_, squares_, error_, answer_;
  double count_ = 0;
};

}  // namespace

double score_of(const Run& run, PartName name, const std::vector<std::int64_t>& rows) {
  const Plan& plan = run.plan();
  const Part& part = name == PartName::train        ? plan.parts().train
                     : name == PartName::validation ? plan.parts().validation
                                                    : plan.parts().test;
  const TargetCoding& coding = plan.coding();
  const std::int64_t width = std::max<std::int64_t>(1, part.y.row_size());
  ScoreSums sums(coding, coding.places > 1 ? 1 : width);
  plan.inference().each_row(run.state().data(), part, nullptr, &rows, run.executor(),
                            [&](std::int64_t r, const float* outputs, double) {
                              const double* y = part.y.as<double>() + rows[static_cast<std::size_t>(r)] * width;
                              for (std::int64_t place = 0; place < coding.places; ++place)
                                sums.add(outputs + place * coding.outputs, y + (coding.places > 1 ? place : 0));
                            });
  return sums.score();
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
