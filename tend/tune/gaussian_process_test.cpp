#include "tend/tune/gaussian_process.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/base/random.h"

namespace tend::gaussian_process_test {

TEST(GaussianProcess, passes_through_its_points_and_is_unsure_between_them) {
  std::vector<double> points, targets;
  for (int i = 0; i <= 10; ++i) {
    points.push_back(i / 10.0);
    targets.push_back(std::sin(6.0 * i / 10));
  }
  GaussianProcess process({false});
  process.fit(points, targets);
  const std::vector<double> asked{0.3, 0.35, 3.0};
  const auto found = process.at(asked);
  EXPECT_NEAR(found[0].mean, std::sin(1.8), 0.02);
  EXPECT_NEAR(found[1].mean, std::sin(2.1), 0.03);
  EXPECT_LT(found[0].variance, 1e-2);
  EXPECT_GT(found[2].variance, 10 * found[1].variance);
}

TEST(GaussianProcess, an_input_without_effect_gets_a_long_scale_and_noise_is_found) {
  Random random(1, 2);
  std::vector<double> points, targets;
  for (int i = 0; i < 80; ++i) {
    points.push_back(random.uniform());
    points.push_back(random.uniform());
    targets.push_back(std::sin(7 * points[points.size() - 2]) + 0.3 * random.normal());
  }
  GaussianProcess process({false, false});
  process.fit(points, targets);
  EXPECT_GT(process.length_scale(1), 3 * process.length_scale(0));
  EXPECT_NEAR(process.noise(), 0.09, 0.05);
}

TEST(GaussianProcess, a_pending_point_is_known_to_be_average_and_changes_no_hyperparameter) {
  std::vector<double> points, targets;
  for (int i = 0; i <= 10; ++i) {
    points.push_back(i / 20.0);
    targets.push_back(std::cos(6.0 * i / 10));
  }
  GaussianProcess before({false}), after({false});
  before.fit(points, targets);
  after.fit(points, targets, {0.9, 0.95});
  const std::vector<double> asked{0.9, 0.1};
  const auto expected = before.at(asked), found = after.at(asked);
  EXPECT_EQ(before.length_scale(0), after.length_scale(0));
  EXPECT_EQ(before.noise(), after.noise());
  EXPECT_LT(std::fabs(found[0].mean), 0.1);
  EXPECT_LT(found[0].variance, 0.2 * expected[0].variance);
  EXPECT_NEAR(found[1].mean, expected[1].mean, 0.02);  // far from both
}

TEST(GaussianProcess, all_values_of_a_choice_are_equally_far) {
  const std::vector<double> points{0, 0, 0.5, 0.5, 1, 1}, targets{1, 1, -1, -1, 0, 0};
  GaussianProcess process({true});
  process.fit(points, targets);
  const std::vector<double> asked{0, 0.5, 1, 0.25};
  const auto found = process.at(asked);
  EXPECT_NEAR(found[0].mean, 1, 0.15);
  EXPECT_NEAR(found[1].mean, -1, 0.15);
  EXPECT_GT(found[3].variance, 5 * found[0].variance);  // a value that has not been seen
}

TEST(GaussianProcess, the_expected_improvement_is_that_of_many_draws) {
  const GaussianPrediction p{.mean = 0.4, .variance = 0.25};
  Random random(3, 4);
  double sum = 0;
  for (int i = 0; i < 200000; ++i) sum += std::fmax(0, 0.1 - (p.mean + 0.5 * random.normal())) / 200000;
  EXPECT_NEAR(log_expected_improvement(p, 0.1), std::log(sum), 0.02);
  // Far away: finite, falling, and continuous where the formula changes.
  const auto at = [](double z) { return log_expected_improvement({.mean = 0, .variance = 1}, z); };
  EXPECT_NEAR(at(-5.999), at(-6.001), 0.02);
  EXPECT_LT(at(-40), at(-30));
  EXPECT_TRUE(std::isfinite(at(-40)));
}

}  // namespace tend::gaussian_process_test
