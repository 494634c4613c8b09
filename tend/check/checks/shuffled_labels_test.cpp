#include "tend/check/checks/shuffled_labels.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::shuffled_labels_test {

TEST(ShuffledLabels, teach_nothing_about_held_out_rows) {
  const CheckResult classes = checked(ShuffledLabels{}, R"([{ dense = 32 }, "relu", { dense = 3 }])", small_classes()).at(0);
  EXPECT_EQ(classes.verdict, Verdict::pass);
  EXPECT_NEAR(*classes.expected, std::log(3), 0.05);
  EXPECT_GT(*classes.value, 0.9 * std::log(3));
  const CheckResult values = checked(ShuffledLabels{}, R"([{ dense = 16 }, "relu", { dense = 1 }])", small_values()).at(0);
  EXPECT_EQ(values.verdict, Verdict::pass);
  EXPECT_LT(*values.value, 0.1);
}

TEST(ShuffledLabels, fail_where_each_order_teaches_held_out_rows) {
  const ShuffledRun knows{1.1, 0.5, 2, {1.1, 0.4}}, knows_not{1.1, 1.05, 2, {1.1, 0.4}}, lucky{0.5, 0.49, 2, {0.5, 0.4}};
  const CheckResult r = ShuffledLabels{}.judged({knows, knows, knows, knows, knows}, 1.1, false);
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_EQ(r.cause, "data-leak");
  EXPECT_EQ(*r.value, 0.5);
  EXPECT_EQ(*r.expected, 1.1);
  EXPECT_EQ(ShuffledLabels{}.judged({knows, knows_not}, 1.1, false).verdict, Verdict::pass);
  EXPECT_EQ(ShuffledLabels{}.judged({lucky}, 1.1, false).verdict, Verdict::pass);
  const ShuffledRun values{-0.1, 0.3, 2, {1, 0.9}}, few{-0.1, 0.05, 2, {1, 0.9}}, broken{-0.1, std::nan(""), 2, {1, 0.9}};
  EXPECT_EQ(ShuffledLabels{}.judged({values, values}, 0, true).verdict, Verdict::fail);
  EXPECT_EQ(ShuffledLabels{}.judged({values, few}, 0, true).verdict, Verdict::pass);
  EXPECT_EQ(ShuffledLabels{}.judged({broken}, 0, true).verdict, Verdict::skipped);
}

TEST(ShuffledLabels, are_skipped_where_held_out_targets_are_not_finite) {
  Dataset data = small_classes();
  for (std::int64_t r = 0; r < data.rows(); r += 4) data.y.as<double>()[r] = std::nan("");
  const CheckResult r = checked(ShuffledLabels{}, R"([{ dense = 3 }])", data).at(0);
  EXPECT_EQ(r.verdict, Verdict::skipped);
  EXPECT_NE(r.message.find("not finite"), std::string::npos) << r.message;
}

TEST(ShuffledLabels, are_skipped_for_few_held_out_rows) {
  EXPECT_EQ(checked(ShuffledLabels{}, R"([{ dense = 3 }])", small_classes(60)).at(0).verdict, Verdict::skipped);
}

TEST(ShuffledLabels, are_skipped_where_the_loss_is_not_a_cross_entropy) {
  EXPECT_EQ(
      checked(ShuffledLabels{}, R"([{ dense = 3 }])", small_classes(), "[loss]\nname = \"multiclass_hinge\"\n").at(0).verdict,
      Verdict::skipped);
}

TEST(Trial, learns_the_targets_of_other_rows) {
  const Training training(small_experiment(R"([{ dense = 3 }])", "[train]\nbatch_size = 240\nshuffle = false\n"),
                          small_classes());
  const tend::Setup setup(training);
  TrialOptions same, other;
  for (std::int64_t r = 0; r < 240; ++r) {
    same.feed.targets_of.push_back(r);
    other.feed.targets_of.push_back((r + 1) % 240);
  }
  const double own = setup.trial(setup.experiment())->training_loss();
  EXPECT_EQ(setup.trial(setup.experiment(), same)->training_loss(), own);
  EXPECT_NE(setup.trial(setup.experiment(), other)->training_loss(), own);
}

}  // namespace tend::shuffled_labels_test
