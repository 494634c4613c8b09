#include "tend/train/metrics.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tend::metrics_test {

namespace {

Array targets(std::vector<double> values, std::int64_t columns = 1) {
  Array y({static_cast<std::int64_t>(values.size()) / columns, columns}, ElementType::float64);
  std::copy(values.begin(), values.end(), y.as<double>());
  return y;
}
TargetCoding coding(Task task, std::int64_t outputs, const std::string& kind) {
  TargetCoding c;
  c.task = task;
  c.outputs = outputs;
  c.classes = task == Task::classification ? std::max<std::int64_t>(outputs, 2) : 0;
  c.kind = kind;
  return c;
}
/// Metrics of rows of outputs. The result refers to the coding.
MetricSums sums_of(const TargetCoding& coding, const Array& y, const std::vector<std::vector<float>>& outputs,
                   const WantedMetrics& wanted = {}) {
  MetricSums sums(coding, y, nullptr, y.rows(), wanted);
  for (std::size_t r = 0; r < outputs.size(); ++r)
    sums.add_row(0, outputs[r].data(), y.as<double>() + static_cast<std::int64_t>(r) * y.row_size());
  return sums;
}

}  // namespace

TEST(Metrics, of_three_classes_are_those_counted_by_hand) {
  const Array y = targets({0, 0, 0, 0, 1, 1, 2, 0});
  const std::vector<std::vector<float>> p{{.8f, .1f, .1f}, {.6f, .3f, .1f}, {.3f, .5f, .2f}, {.7f, .2f, .1f},
                                          {.5f, .4f, .1f}, {.1f, .8f, .1f}, {.2f, .2f, .6f}, {.4f, .1f, .5f}};
  const TargetCoding three = coding(Task::classification, 3, "probabilities_classes");
  const MetricSums sums = sums_of(three, y, p);
  const Metrics m = sums.metrics();
  EXPECT_DOUBLE_EQ(metric_of(m, "accuracy"), 5.0 / 8);
  EXPECT_DOUBLE_EQ(metric_of(m, "balanced_accuracy"), (3.0 / 5 + 1.0 / 2 + 1.0) / 3);
  EXPECT_NEAR(metric_of(m, "f1_macro"), (2 * 3.0 / 9 + 2 * 1.0 / 4 + 2 * 1.0 / 3) / 3, 1e-12);
  EXPECT_NEAR(metric_of(m, "roc_auc"), (13.0 / 15 + 11.0 / 12 + 1.0) / 3, 1e-6);
  EXPECT_EQ(sums.confusion().counts, (std::vector<std::int64_t>{3, 1, 1, 1, 1, 0, 0, 0, 1}));
  EXPECT_EQ(sums.confusion().rows_of(0), 5);
  EXPECT_EQ(sums.confusion().answers_of(2), 2);
  EXPECT_TRUE(std::isnan(metric_of(m, "top_5_accuracy")));
}

TEST(Metrics, the_area_of_two_classes_counts_ties_half) {
  const Array y = targets({0, 1, 0, 1});
  const Metrics m = sums_of(coding(Task::classification, 1, "probabilities_binary"), y, {{.2f}, {.2f}, {.1f}, {.9f}}).metrics();
  EXPECT_DOUBLE_EQ(metric_of(m, "roc_auc"), 3.5 / 4);
  EXPECT_DOUBLE_EQ(metric_of(m, "balanced_accuracy"), 0.75);
}

TEST(Metrics, of_one_class_have_no_area) {
  const Array y = targets({1, 1});
  EXPECT_TRUE(std::isnan(
      metric_of(sums_of(coding(Task::classification, 1, "probabilities_binary"), y, {{.2f}, {.8f}}).metrics(), "roc_auc")));
}

TEST(Metrics, calibration_error_is_the_gap_between_confidence_and_accuracy) {
  std::vector<double> codes;
  std::vector<std::vector<float>> p;
  for (int i = 0; i < 100; ++i) codes.push_back(i < 60), p.push_back({0.9f});  // 90 % sure, right for 60 %
  const Metrics m = sums_of(coding(Task::classification, 1, "probabilities_binary"), targets(codes), p).metrics();
  EXPECT_NEAR(metric_of(m, "calibration_error"), 0.3, 1e-6);
}

TEST(Metrics, the_calibrated_loss_is_that_of_probabilities_as_sure_as_they_are_right) {
  std::vector<double> codes;
  std::vector<std::vector<float>> p;
  for (int i = 0; i < 1000; ++i) codes.push_back(i < 600), p.push_back({0.9f});
  const Metrics m = sums_of(coding(Task::classification, 1, "probabilities_binary"), targets(codes), p).metrics();
  EXPECT_NEAR(metric_of(m, "calibrated_loss"), -0.6 * std::log(0.6) - 0.4 * std::log(0.4), 1e-3);
}

TEST(Metrics, of_millions_of_probabilities_take_some_of_the_rows) {
  constexpr std::int64_t rows = 3001, classes = 1000;  // 3 million: every second row
  std::vector<double> codes;
  std::vector<std::vector<float>> p;
  for (std::int64_t r = 0; r < rows; ++r) {
    codes.push_back(static_cast<double>(r % classes));
    p.emplace_back(classes, 0.5f / (classes - 1));
    p.back()[static_cast<std::size_t>(r % 4 == 0 ? r % classes : (r + 1) % classes)] = 0.5f;
  }
  const Metrics m = sums_of(coding(Task::classification, classes, "probabilities_classes"), targets(codes), p).metrics();
  EXPECT_NEAR(metric_of(m, "calibration_error"), 0, 1e-3);  // of the even rows half are right, with a confidence of a half
  EXPECT_NEAR(metric_of(m, "accuracy"), 0.25, 1e-3);
  EXPECT_TRUE(std::isfinite(metric_of(m, "calibrated_loss")));
}

TEST(Metrics, top_5_is_among_the_five_most_probable) {
  const Array y = targets({6, 0});
  const std::vector<float> rising{0, 1, 2, 3, 4, 5, 6};
  const Metrics m = sums_of(coding(Task::classification, 7, "logits_classes"), y, {rising, rising}).metrics();
  EXPECT_DOUBLE_EQ(metric_of(m, "top_5_accuracy"), 0.5);
}

TEST(Metrics, of_labels_are_means_over_labels) {
  const Array y = targets({1, 0, 0, 1, 1, 1}, 2);
  const Metrics m =
      sums_of(coding(Task::multilabel, 2, "probabilities_binary"), y, {{.9f, .2f}, {.3f, .8f}, {.2f, .9f}}).metrics();
  EXPECT_DOUBLE_EQ(metric_of(m, "accuracy"), 5.0 / 6);
  EXPECT_NEAR(metric_of(m, "f1_macro"), (2 * 1.0 / 3 + 1) / 2, 1e-12);
  EXPECT_DOUBLE_EQ(metric_of(m, "roc_auc"), (0.5 + 1) / 2);
}

TEST(Metrics, names_are_those_that_are_computed) {
  const Array y = targets({0, 1, 2, 3, 4, 5});
  const std::vector<float> row(6);
  const Metrics m = sums_of(coding(Task::classification, 6, "logits_classes"), y, {row, row, row, row, row, row}).metrics();
  const std::vector<std::string> names = metric_names(Task::classification, 6);
  EXPECT_EQ(m.size(), names.size());
  for (const auto& [name, value] : m) EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
  EXPECT_TRUE(more_is_better("roc_auc") && more_is_better("f1_macro"));
  EXPECT_FALSE(more_is_better("calibration_error") || more_is_better("calibrated_loss") || more_is_better("loss"));
}

TEST(Metrics, that_are_not_wanted_are_left_out_and_the_others_keep_their_bits) {
  struct Case {
    TargetCoding coding;
    Array y;
    std::int64_t classes;
  };
  const std::vector<Case> cases{{coding(Task::classification, 7, "logits_classes"), targets({6, 0, 3, 3, 1, 2, 4, 5, 1, 6}), 7},
                                {coding(Task::classification, 1, "logits_binary"), targets({0, 1, 1, 0, 1}), 2},
                                {coding(Task::multilabel, 2, "logits_binary"), targets({1, 0, 0, 1, 1, 1, 0, 1}, 2), 0},
                                {coding(Task::regression, 2, "values"), targets({1, 0.5, 0.1, 1, 1, 7, 0, 1}, 2), 0}};
  for (const auto& [of, y, classes] : cases) {
    std::vector<std::vector<float>> outputs(static_cast<std::size_t>(y.rows()));
    for (std::size_t r = 0; r < outputs.size(); ++r)
      for (std::int64_t k = 0; k < of.outputs; ++k)
        outputs[r].push_back(static_cast<float>(std::sin(1.3 * static_cast<double>(r) + static_cast<double>(k * k))));
    const MetricSums whole = sums_of(of, y, outputs);
    const Metrics all = whole.metrics();
    const auto main = std::count_if(all.begin(), all.end(), [](const auto& m) { return is_main_metric(m.first); });
    for (const std::string& name : metric_names(of.task, classes)) {
      const MetricSums sums = sums_of(of, y, outputs, {.are_all = false, .named = {name}});
      const Metrics some = sums.metrics();
      EXPECT_EQ(some.size(), static_cast<std::size_t>(main + !is_main_metric(name))) << name;
      EXPECT_EQ(sums.confusion().counts, whole.confusion().counts);
      EXPECT_TRUE(std::isfinite(metric_of(some, name))) << name;
      for (const auto& [key, value] : some) {
        EXPECT_TRUE(is_main_metric(key) || key == name) << key;
        EXPECT_EQ(value, metric_of(all, key)) << key;
      }
    }
  }
}

TEST(Metrics, of_a_constant_guess_have_an_r2) {
  Part train, part;
  train.x = part.x = Array({2, 1}, ElementType::float32);
  train.y = targets({1, 3});
  part.y = targets({0, 4});
  EXPECT_DOUBLE_EQ(metric_of(baseline_metrics(Task::regression, train, part), "r2"), 0);
  part.y = targets({4, 8});
  EXPECT_DOUBLE_EQ(metric_of(baseline_metrics(Task::regression, train, part), "r2"), 1 - 40.0 / 8);
}

}  // namespace tend::metrics_test
