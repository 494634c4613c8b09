#include "tend/train/calibration.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/base/random.h"

namespace tend::calibration_test {
namespace {

/// Rows whose classes are drawn from known probabilities, and the answers of a network that is too sure: softmax(sharpness log
/// p).
struct Answers {
  TargetCoding coding;
  std::vector<double> answers;
  Array y;
  Answers(std::int64_t rows, double sharpness, Task task = Task::classification) {
    coding.task = task;
    coding.outputs = coding.classes = 3;
    Random random(3, purpose("calibration test"));
    y = Array({rows, task == Task::classification ? 1 : 3}, ElementType::float64);
    for (std::int64_t r = 0; r < rows; ++r) {
      double p[3], sum = 0, drawn = random.uniform();
      for (double& v : p) sum += v = 0.05 + random.uniform();
      for (std::int64_t k = 0; k < 3; ++k) p[k] /= sum;
      if (task == Task::classification) y.as<double>()[r] = drawn < p[0] ? 0 : drawn < p[0] + p[1] ? 1 : 2;
      else
        for (std::int64_t k = 0; k < 3; ++k) y.as<double>()[3 * r + k] = random.uniform() < p[k];
      apply_temperature(task, 1 / sharpness, p, 3);
      answers.insert(answers.end(), p, p + 3);
    }
  }
  double temperature() const { return fit_temperature(coding, answers, y); }
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
    a.y.as<double>()[r] = 0;
    a.answers[static_cast<std::size_t>(3 * r)] = 0.9;
    a.answers[static_cast<std::size_t>(3 * r + 1)] = a.answers[static_cast<std::size_t>(3 * r + 2)] = 0.05;
  }
  EXPECT_GT(a.temperature(), 0.4);
  EXPECT_LT(a.temperature(), 1);
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
