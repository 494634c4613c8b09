#include "tend/train/calibration.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/base/random.h"

namespace tend::calibration_test {
namespace {

/// Rows whose classes are drawn from known probabilities, and the answers of a network that is too sure: softmax(sharpness log
/// p).
struct Answers {
  Task task;
  std::vector<double> answers;
  std::vector<std::int64_t> codes;
  explicit Answers(std::int64_t rows, double sharpness, Task of = Task::classification) : task(of) {
    Random random(3, purpose("calibration test"));
    for (std::int64_t r = 0; r < rows; ++r) {
      double p[3], sum = 0, drawn = random.uniform();
      for (double& v : p) sum += v = 0.05 + random.uniform();
      for (std::int64_t k = 0; k < 3; ++k) p[k] /= sum;
      if (task == Task::classification) codes.push_back(drawn < p[0] ? 0 : drawn < p[0] + p[1] ? 1 : 2);
      else
        for (std::int64_t k = 0; k < 3; ++k) codes.push_back(random.uniform() < p[k]);
      apply_temperature(task, 1 / sharpness, p, 3);
      answers.insert(answers.end(), p, p + 3);
    }
  }
  Calibration fitted() const { return fit_temperature(task, answers, codes, 3); }
  double temperature() const { return fitted().temperature; }
  /// The mean of -log of the probability of what is right, at a temperature.
  double loss(double at) const {
    double sum = 0;
    for (std::size_t r = 0; r < answers.size() / 3; ++r) {
      double p[] = {answers[3 * r], answers[3 * r + 1], answers[3 * r + 2]};
      apply_temperature(task, at, p, 3);
      if (task == Task::classification) sum -= std::log(p[codes[r]]);
      else
        for (std::size_t k = 0; k < 3; ++k) sum -= std::log(codes[3 * r + k] ? p[k] : 1 - p[k]);
    }
    return sum / static_cast<double>(codes.size());
  }
};

TEST(Calibration, the_temperature_undoes_a_known_sharpness) {
  EXPECT_NEAR(Answers(20'000, 2.5).temperature(), 2.5, 0.1);
  EXPECT_NEAR(Answers(20'000, 0.5).temperature(), 0.5, 0.02);
  EXPECT_NEAR(Answers(20'000, 1).temperature(), 1, 0.03);
  EXPECT_NEAR(Answers(20'000, 3, Task::multilabel).temperature(), 3, 0.1);
}

TEST(Calibration, few_rows_that_are_all_right_lead_to_no_extreme) {
  Answers a(20, 1);
  for (std::int64_t r = 0; r < 20; ++r) {
    a.codes[static_cast<std::size_t>(r)] = 0;
    a.answers[static_cast<std::size_t>(3 * r)] = 0.9;
    a.answers[static_cast<std::size_t>(3 * r + 1)] = a.answers[static_cast<std::size_t>(3 * r + 2)] = 0.05;
  }
  EXPECT_GT(a.temperature(), 0.4);
  EXPECT_LT(a.temperature(), 1);
}

TEST(Calibration, the_loss_is_that_at_the_temperature_and_lower_than_at_others) {
  for (const Task task : {Task::classification, Task::multilabel}) {
    const Answers a(20'000, 2.5, task);
    const Calibration fitted = a.fitted();
    EXPECT_NEAR(fitted.loss, a.loss(fitted.temperature), 1e-9);
    for (const double at : {0.5, 1.0, 2.0, 3.0}) EXPECT_LT(fitted.loss, a.loss(at));
  }
}

TEST(Calibration, a_class_without_any_probability_and_a_probability_that_is_not_finite) {
  Answers a(100, 1);
  a.answers[static_cast<std::size_t>(a.codes[0])] = 0;
  EXPECT_TRUE(std::isfinite(a.fitted().loss));
  EXPECT_GT(a.temperature(), 1);
  a.answers[0] = std::nan("");
  EXPECT_TRUE(std::isnan(a.fitted().loss));
  EXPECT_TRUE(std::isnan(fit_temperature(Task::classification, {}, {}, 3).loss));
}

TEST(Calibration, a_temperature_of_softmax_outputs_divides_the_logits) {
  double p[] = {0.7, 0.2, 0.1}, z[] = {std::log(0.7) / 3, std::log(0.2) / 3, std::log(0.1) / 3}, sum = 0;
  for (const double v : z) sum += std::exp(v);
  apply_temperature(Task::classification, 3, p, 3);
  for (int k = 0; k < 3; ++k) EXPECT_NEAR(p[k], std::exp(z[k]) / sum, 1e-12);
  double certain[] = {1, 0, 0};
  apply_temperature(Task::classification, 2, certain, 3);
  EXPECT_EQ(certain[0], 1);
  double label[] = {0.9};
  apply_temperature(Task::multilabel, 2, label, 1);
  EXPECT_NEAR(label[0], 1 / (1 + std::exp(-std::log(9.0) / 2)), 1e-12);
}

}  // namespace
}  // namespace tend::calibration_test
