#include "tend/check/checks/label_alignment.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::label_alignment_test {

namespace {

const std::string layers = R"([{ dense = 16 }, "relu", { dense = 3 }])", one = R"([{ dense = 16 }, "relu", { dense = 1 }])";

/// Labels of the first rows in random order.
Dataset shuffled(Dataset data, std::int64_t rows) {
  Random(5, purpose("test")).shuffle(data.y.as<double>(), static_cast<std::size_t>(rows));
  return data;
}

/// Every so many-th label of the first rows is another class.
Dataset corrupted(Dataset data, std::int64_t rows, double share) {
  Random random(6, purpose("test"));
  for (std::int64_t r = 0; r < rows; ++r)
    if (random.uniform() < share) data.y.as<double>()[r] = static_cast<double>(random.below(3));
  return data;
}

CheckResult said(const std::string& layers_of, const Dataset& data) {
  Experiment e = small_experiment(layers_of, "", data.task == Task::regression);
  e.data.split = "last";  // the last fifth is held out
  return checked(LabelAlignment{}, e, data).at(0);
}

}  // namespace

TEST(LabelAlignment, passes_labels_that_depend_on_their_rows) {
  const CheckResult classes = said(layers, small_classes());
  EXPECT_EQ(classes.verdict, Verdict::pass);
  EXPECT_NEAR(*classes.value, 0.9, 0.1);
  EXPECT_NEAR(*classes.expected, 0, 0.02);
  EXPECT_EQ(said(one, small_values()).verdict, Verdict::pass);
}

TEST(LabelAlignment, fails_training_labels_in_random_order_if_validation_labels_are_right) {
  const CheckResult r = said(layers, shuffled(small_classes(), 240));
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_EQ(r.cause, "data-label");
  EXPECT_LT(std::fabs(*r.value), 0.1);
  EXPECT_GT(*r.expected, 0.5);
  EXPECT_EQ(said(one, shuffled(small_values(), 240)).cause, "data-label");
}

TEST(LabelAlignment, warns_where_nothing_predicts_the_target) {
  EXPECT_EQ(said(layers, shuffled(small_classes(), 300)).verdict, Verdict::warn);
  const CheckResult values = said(one, shuffled(small_values(), 300));
  EXPECT_EQ(values.verdict, Verdict::warn);
  EXPECT_EQ(values.cause, "data-label");
}

TEST(LabelAlignment, distinguishes_wrong_training_labels_from_noise_in_all_parts) {
  const CheckResult wrong = said(layers, corrupted(small_classes(1000), 800, 0.6));
  EXPECT_EQ(wrong.verdict, Verdict::warn);
  EXPECT_EQ(wrong.cause, "data-label");
  EXPECT_GT(*wrong.expected, *wrong.value + 0.2);
  EXPECT_EQ(said(layers, corrupted(small_classes(1000), 1000, 0.6)).verdict, Verdict::pass);
}

TEST(LabelAlignment, counts_neighbours_that_disagree_as_a_dependence) {
  Dataset data = small_classes(256);  // parity of four signs: every neighbour at one sign's distance has the other label
  data.x = Array({256, 4}, ElementType::float64);
  for (std::int64_t r = 0; r < 256; ++r) {
    double product = 1;
    for (int f = 0; f < 4; ++f) product *= data.x.as<double>()[4 * r + f] = (r % 16 >> f & 1) ? 1 : -1;
    for (int f = 0; f < 4; ++f) data.x.as<double>()[4 * r + f] += 0.001 * static_cast<double>((r * (f + 3)) % 17);
    data.y.as<double>()[r] = product > 0;
  }
  EXPECT_EQ(said(layers, data).verdict, Verdict::pass);
}

TEST(LabelAlignment, measures_labels_by_the_majority_of_each) {
  Array x({1000, 3}, ElementType::float32), y({1000, 2}, ElementType::float64);
  Random random(9, purpose("labels"));
  for (std::int64_t r = 0; r < 1000; ++r) {  // neither goes with the row; the first is even, the second nearly always 1
    for (int f = 0; f < 3; ++f) x.as<float>()[3 * r + f] = static_cast<float>(random.normal());
    y.as<double>()[2 * r] = random.uniform() < 0.5;
    y.as<double>()[2 * r + 1] = random.uniform() < 0.95;
  }
  Experiment e = small_experiment(R"([{ dense = 2 }])", "[loss]\nname = \"binary_cross_entropy\"\n[train]\nepochs = 20\n");
  const Training training(e, Dataset::multilabel(x, y));
  const tend::Setup setup(training);
  const CheckResult r = LabelAlignment{}.run(setup).at(0);
  EXPECT_NEAR(tested_of(setup, setup.training_sample(), 1000).majority, 0.73, 0.03);
  EXPECT_EQ(r.verdict, Verdict::warn) << r.message;
  EXPECT_EQ(r.cause, "data-label");
}

TEST(LabelAlignment, accepts_validation_targets_that_are_not_finite) {
  Dataset data = shuffled(small_classes(400), 400);
  for (std::int64_t r = 320; r < 400; r += 4) data.y.as<double>()[r] = std::nan("");
  EXPECT_EQ(said(layers, data).verdict, Verdict::warn);
  const Training training(small_experiment(layers), small_classes());
  const tend::Setup setup(training);
  SampleRows sample;
  sample.rows = {10, 11, 12, 13, 14};
  sample.y = {0, std::nan(""), 2, 2, 1};
  const Tested tested = tested_of(setup, sample, 4);
  EXPECT_EQ(tested.rows, (std::vector<std::int64_t>{10, 12, 13}));
  EXPECT_NEAR(tested.majority, 2.0 / 3, 1e-12);
}

TEST(LabelAlignment, is_skipped_for_few_rows) {
  EXPECT_EQ(said(layers, small_classes(12)).verdict, Verdict::skipped);
  EXPECT_EQ(said(layers, shuffled(small_classes(60), 60)).verdict, Verdict::skipped);
}

}  // namespace tend::label_alignment_test
