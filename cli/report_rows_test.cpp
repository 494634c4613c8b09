#include "report_rows.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tend::report_rows_test {

Dataset data_of(Task task, std::vector<std::int64_t> shape, const std::vector<double>& y) {
  Dataset data;
  data.task = task;
  data.x = Array(Shape{shape[0], 1}, ElementType::float64);
  data.y = Array(Shape(std::move(shape)), ElementType::float64);
  std::copy(y.begin(), y.end(), data.y.as<double>());
  return data;
}

TEST(LossesOfRows, of_classes_are_logarithms_of_the_probability_of_the_true_class) {
  const Prediction p{.outputs = {0.25, 0.75, 0.5, 0.5, NAN, NAN}, .classes = {1, 0, 0}, .rows = 3, .width = 2};
  const std::vector<double> losses = losses_of_rows(p, data_of(Task::classification, {3, 1}, {0, 1, 0}));
  EXPECT_NEAR(losses[0], std::log(4), 1e-12);
  EXPECT_NEAR(losses[1], std::log(2), 1e-12);
  EXPECT_EQ(losses[2], INFINITY);
}

TEST(LossesOfRows, of_places_are_means) {
  const Prediction p{.outputs = {0.25, 0.75, 0.5, 0.5}, .classes = {1, 0}, .rows = 1, .width = 4};
  EXPECT_NEAR(losses_of_rows(p, data_of(Task::classification, {1, 2}, {0, 1}))[0], (std::log(4) + std::log(2)) / 2, 1e-12);
}

TEST(LossesOfRows, of_labels_are_cross_entropies) {
  const Prediction p{.outputs = {0.25, 0.75}, .classes = {0, 1}, .rows = 1, .width = 2};
  EXPECT_NEAR(losses_of_rows(p, data_of(Task::multilabel, {1, 2}, {1, 1}))[0], (std::log(4) + std::log(4.0 / 3)) / 2, 1e-12);
}

TEST(LossesOfRows, of_values_are_squares_over_the_variances_of_the_targets) {
  const Prediction p{.outputs = {3, 0, 1, 10}, .classes = {}, .rows = 2, .width = 2};  // variances 1 and 25
  const std::vector<double> losses = losses_of_rows(p, data_of(Task::regression, {2, 2}, {1, 0, 3, 10}));
  EXPECT_NEAR(losses[0], 4, 1e-12);
  EXPECT_NEAR(losses[1], 4, 1e-12);
}

}  // namespace tend::report_rows_test
