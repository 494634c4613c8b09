#include "tend/train/targets.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/train/metrics.h"
#include "tend/train/training.h"

namespace tend::targets_test {
namespace {

const std::vector<std::string> names{"ant", "bee", "cat"};

TrainingTargets targets_of(const std::vector<double>& codes, std::int64_t outputs, const std::string& loss_name,
                           const std::string& settings, std::vector<double> weights = {}) {
  Dataset data;
  data.task = Task::classification;
  data.classes = outputs == 1 ? std::vector<std::string>{"ant", "bee"} : names;
  Array y({static_cast<std::int64_t>(codes.size()), 1}, ElementType::float64);
  std::copy(codes.begin(), codes.end(), y.as<double>());
  const auto loss = builtin_losses().make(Value(loss_name), "loss.name");
  const Experiment e = Experiment::parse("[loss]\nname = \"" + loss_name + "\"\n" + settings, "test");
  Part train;
  train.y = y;
  train.weights = std::move(weights);
  return TrainingTargets::make(TargetCoding::make(data, Shape{outputs}, *loss, "none", y), e.loss, *loss, data.classes, train);
}

void expect_floats(const Array& got, const std::vector<float>& wanted) {
  ASSERT_EQ(got.shape().count(), static_cast<std::int64_t>(wanted.size()));
  for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_FLOAT_EQ(got.as<float>()[i], wanted[i]) << i;
}

std::string error_of(const std::string& loss_name, const std::string& settings) {
  try {
    targets_of({0, 1, 2}, 3, loss_name, settings);
  } catch (const Error& e) {
    EXPECT_EQ(e.trouble, Trouble::usage);
    return e.what();
  }
  return "";
}

TEST(TrainingTargets, are_those_that_are_reported_unless_the_loss_says_more) {
  const TrainingTargets t = targets_of({0, 2}, 3, "softmax_cross_entropy", "");
  EXPECT_TRUE(t.coded.empty() && t.weights.empty());
  EXPECT_TRUE(t.takes_codes);
  EXPECT_EQ(t.width, 1);
}

TEST(TrainingTargets, label_smoothing_gives_each_class_its_share) {
  for (const char* loss : {"softmax_cross_entropy", "categorical_cross_entropy"}) {
    const TrainingTargets t = targets_of({0, 2}, 3, loss, "label_smoothing = 0.3");
    expect_floats(t.coded, {0.8f, 0.1f, 0.1f, 0.1f, 0.1f, 0.8f});
    EXPECT_FALSE(t.takes_codes);
    EXPECT_EQ(t.width, 3);
  }
}

TEST(TrainingTargets, label_smoothing_of_yes_and_no_goes_half_to_the_other) {
  for (const char* loss : {"sigmoid_cross_entropy", "binary_cross_entropy"}) {
    expect_floats(targets_of({0, 1}, 1, loss, "label_smoothing = 0.3").coded, {0.15f, 0.85f});
    expect_floats(targets_of({1}, 3, loss, "label_smoothing = 0.2").coded, {0.1f, 0.9f, 0.1f});
  }
}

TEST(TrainingTargets, label_smoothing_of_anything_else_is_refused) {
  for (const char* loss : {"multiclass_hinge", "squared_hinge", "mean_squared_error", "huber"})
    EXPECT_NE(error_of(loss, "label_smoothing = 0.1").find("loss.label_smoothing: the loss \"" + std::string(loss) + "\""),
              std::string::npos);
  EXPECT_EQ(error_of("mean_squared_error", "label_smoothing = 0.0"), "");
}

TEST(TrainingTargets, balanced_weights_are_those_of_scikit_learn) {
  expect_floats(targets_of({0, 0, 0, 1, 1, 2}, 3, "softmax_cross_entropy", "class_weights = \"balanced\"").weights,
                {2 / 3.f, 2 / 3.f, 2 / 3.f, 1, 1, 2});
  expect_floats(targets_of({0, 0, 0, 2}, 3, "multiclass_hinge", "class_weights = \"balanced\"").weights,
                {2 / 3.f, 2 / 3.f, 2 / 3.f, 2});
}

TEST(TrainingTargets, a_table_weighs_the_classes_it_names) {
  expect_floats(targets_of({0, 1, 2, 1}, 3, "softmax_cross_entropy", "class_weights = { bee = 5, ant = 0 }").weights,
                {0, 5, 1, 5});
}

TEST(TrainingTargets, weights_of_rows_are_divided_by_their_mean_and_multiply_those_of_classes) {
  expect_floats(targets_of({0, 1, 2, 1}, 3, "softmax_cross_entropy", "", {10, 20, 30, 20}).weights, {0.5, 1, 1.5, 1});
  expect_floats(targets_of({0, 1, 2, 1}, 3, "softmax_cross_entropy", "class_weights = { bee = 5 }", {1, 2, 3, 2}).weights,
                {0.5, 5, 1.5, 5});
  EXPECT_THROW(targets_of({0, 1}, 3, "softmax_cross_entropy", "", {0, 0}), Error);
}

TEST(TrainingTargets, wrong_class_weights_are_told) {
  EXPECT_NE(error_of("huber", "class_weights = { bea = 5 }").find("did you mean \"bee\"?"), std::string::npos);
  EXPECT_NE(error_of("huber", "class_weights = { bee = -1 }").find("loss.class_weights.bee"), std::string::npos);
  EXPECT_NE(error_of("huber", "class_weights = \"even\"").find("\"balanced\", or a table"), std::string::npos);
}

/// The log-odds of class 1 after one step of gradient descent at rate 1 from 0, on four rows without features, one of them of
/// class 1.
double log_odds_after_a_step(const std::string& loss, double& reported) {
  Array x({4, 1}, ElementType::float32), y({4, 1}, ElementType::float64);
  y.as<double>()[2] = 1;
  const Experiment e = Experiment::parse("[network]\nlayers = [{ dense = 2 }]\n[loss]\nname = \"softmax_cross_entropy\"\n" +
                                             loss +
                                             "\n[update]\noptimizer = { name = \"sgd\", learning_rate = 1 }\n[train]\nepochs = 1",
                                         "test");
  Training training(e, Dataset::classification(x, y, 2));
  reported = training.run().train[0].second;
  const std::vector<float> row{0};
  std::vector<float> p(2);
  training.model().predict(row, p);
  return std::log(p[1] / p[0]);
}

TEST(TrainingTargets, shape_what_is_learnt_and_reported_losses_stay_those_of_the_labels) {
  // The slope of output k is the mean over rows of w (1/2 - t_k); the other output's is its negative.
  const struct {
    const char* loss;
    double log_odds;
  } cases[] = {{"", -0.5},
               {"label_smoothing = 0.2", -0.4},
               {"class_weights = \"balanced\"", 0},
               {"class_weights = { 1 = 5 }", 0.5},
               {"class_weights = { 1 = 5 }\nlabel_smoothing = 0.2", 0.4},
               {"class_weights = { 1 = 5 }\nreduction = \"sum\"", 2}};
  for (const auto& c : cases) {
    double reported = 0;
    EXPECT_NEAR(log_odds_after_a_step(c.loss, reported), c.log_odds, 1e-6) << c.loss;
    EXPECT_NEAR(reported, (3 * std::log1p(std::exp(c.log_odds)) + std::log1p(std::exp(-c.log_odds))) / 4, 1e-6) << c.loss;
  }
}

TargetCoding coding_of_places(const Shape& output, const std::string& loss_name, const Array& y) {
  Dataset data;
  data.classes = names;
  return TargetCoding::make(data, output, *builtin_losses().make(Value(loss_name), "loss.name"), "none", y);
}

TEST(TargetCoding, of_places_has_a_code_or_a_row_of_classes_for_each) {
  Array y({2, 2}, ElementType::float64);
  std::copy_n(std::vector<double>{0, 2, 1, 1}.begin(), 4, y.as<double>());
  const TargetCoding codes = coding_of_places({2, 3}, "softmax_cross_entropy", y);
  EXPECT_EQ(codes.places, 2);
  EXPECT_EQ(codes.row_outputs(), 6);
  expect_floats(codes.encode(y), {0, 2, 1, 1});
  expect_floats(coding_of_places({2, 3}, "mean_squared_error", y).encode(y), {1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0});
}

TEST(TargetCoding, wants_an_output_place_for_each_target) {
  const Array two({4, 2}, ElementType::float64), one({4, 1}, ElementType::float64);
  EXPECT_THROW(coding_of_places({3, 3}, "softmax_cross_entropy", two), Error);
  EXPECT_THROW(coding_of_places({3}, "softmax_cross_entropy", two), Error);
  EXPECT_THROW(coding_of_places({2, 3}, "softmax_cross_entropy", one), Error);
  EXPECT_EQ(coding_of_places({3}, "softmax_cross_entropy", one).places, 1);
}

TEST(MetricSums, of_rows_of_places_are_means_over_places) {
  Array y({1, 2}, ElementType::float64);
  y.as<double>()[1] = 2;
  const TargetCoding coding = coding_of_places({2, 3}, "softmax_cross_entropy", y);
  MetricSums sums(coding, y, nullptr, 1);
  const float outputs[] = {5, 0, 0, 0, 1, 0};
  sums.add_row(0.25, outputs, y.as<double>());
  EXPECT_EQ(metric_of(sums.metrics(), "accuracy"), 0.5);
  EXPECT_EQ(metric_of(sums.metrics(), "loss"), 0.25);
}

}  // namespace
}  // namespace tend::targets_test
