#include "tend/trial/score.h"

#include <cmath>
#include <numeric>

#include "tend/check/checks_test.h"

namespace tend::score_test {

std::vector<std::int64_t> first_rows(std::int64_t n) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(n));
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

TEST(Score, of_equal_probabilities_is_about_that_of_chance) {
  const Training training(small_experiment("[{ dense = 3, initializer = \"zeros\" }]"), small_classes());
  EXPECT_NEAR(score_of(training.engine(), PartName::train, first_rows(50)).value, score_of_chance, 0.02)
      << "the shares are about equal";
}

struct Judged {
  double score = 0, share_of_frequent = 0;
};

/// Of 60 of 90 rows, of which every ninth is of class 1, where the answer is always this probability of class 0.
Judged constant_answer(double probability) {
  Array x({90, 1}, ElementType::float32), y({90, 1}, ElementType::float64);
  for (std::int64_t i = 0; i < 90; ++i) x.as<float>()[i] = 1, y.as<double>()[i] = i % 9 == 0;
  const Training training(small_experiment("[{ dense = 2, initializer = \"zeros\", bias_initializer = { constant = 0.0 } }]"),
                          Dataset::classification(x, y, 2));
  tend::Run run = training.engine().fork();
  run.state().at<float>(*run.state().directory().find("dense_1.bias"))[0] = static_cast<float>(
      std::log(probability / (1 - probability)));
  const std::vector<std::int64_t> rows = first_rows(60);
  double frequent = 0;
  for (const std::int64_t r : rows) frequent += run.plan().parts().train.y.as<double>()[r] == 0;
  return {.score = score_of(run, PartName::train, rows).value, .share_of_frequent = frequent / 60};
}

TEST(Score, of_constant_answers_is_best_for_the_shares_of_the_classes) {
  const Judged shares = constant_answer(constant_answer(0.5).share_of_frequent);
  EXPECT_NEAR(shares.score, score_of_chance, 5e-3);
  for (const double other : {0.5, 0.7, 0.99, 1 - 1e-6}) EXPECT_LT(constant_answer(other).score, shares.score - 0.01) << other;
}

TEST(Score, of_who_is_sure_without_a_reason_is_far_below_that_of_who_is_unsure) {
  const Judged sure = constant_answer(1 - 1e-6);
  EXPECT_EQ(sure.score, -1) << "though the mean probability of the right class is " << sure.share_of_frequent;
}

TEST(Score, of_values_is_r2_in_the_targets_units_and_at_least_minus_1) {
  const Dataset data = small_values(300, 1000, 5);
  Training training(small_experiment("[{ dense = 1, initializer = \"zeros\" }]",
                                     "[prepare]\ntarget = \"standardize\"\n[train]\nepochs = 20\n", true),
                    data);
  EXPECT_NEAR(score_of(training.engine(), PartName::validation, first_rows(60)).value, 0, 0.05);
  training.run();
  EXPECT_GT(score_of(training.engine(), PartName::validation, first_rows(60)).value, 0.95);
  const Training far(small_experiment("[{ dense = 1, initializer = \"zeros\" }]", "", true), data);
  EXPECT_EQ(score_of(far.engine(), PartName::validation, first_rows(60)).value, -1) << "all answers are 0, the targets near 1000";
}

TEST(Score, of_answers_that_are_not_finite_is_the_lowest) {
  Training training(small_experiment("[{ dense = 3 }]"), small_classes());
  tend::Run run = training.engine().fork();
  run.state().at<float>(*run.state().directory().find("dense_1.bias"))[0] = std::nanf("");
  EXPECT_EQ(score_of(run, PartName::train, first_rows(50)).value, -1);
}

TEST(Score, its_parts_say_how_sure_a_difference_is) {
  const Dataset data = small_classes();
  Training training(small_experiment("[{ dense = 16 }, \"relu\", { dense = 3 }]"), data);
  const Score before = score_of(training.engine(), PartName::validation, first_rows(60));
  training.run();
  const Score after = score_of(training.engine(), PartName::validation, first_rows(60));
  ASSERT_EQ(after.parts.size(), 60u);
  EXPECT_NEAR(std::accumulate(after.parts.begin(), after.parts.end(), 0.0) / 60, after.value, 1e-9);
  EXPECT_NEAR(std::accumulate(after.constant.begin(), after.constant.end(), 0.0) / 60, 0, 5e-3);
  const double error = error_of_difference(after.parts, before.parts);
  EXPECT_GT(error, 0);
  EXPECT_GT(after.value - before.value, 5 * error);
  EXPECT_EQ(error_of_difference(after.parts, after.parts), 0);
}

TEST(Score, of_a_label_that_has_one_value_in_these_rows_is_by_its_log_loss) {
  Array x({200, 1}, ElementType::float32), y({200, 2}, ElementType::float64);
  for (std::int64_t i = 0; i < 200; ++i) {
    x.as<float>()[i] = static_cast<float>(i % 7) - 3;
    y.as<double>()[2 * i] = i % 7 > 3, y.as<double>()[2 * i + 1] = i == 199;  // the second holds for one row
  }
  Dataset data = Dataset::multilabel(x, y);
  Training training(
      Experiment::parse(
          "[data]\nvalidation = 0.0\n[network]\nlayers = [{ dense = 2 }]\n[loss]\nname = \"sigmoid_cross_entropy\"\n"
          "[update]\noptimizer = { name = \"adam\", learning_rate = 0.3 }\n[train]\nepochs = 80\n",
          "test"),
      data);
  training.run();
  std::vector<std::int64_t> rows;
  for (std::int64_t r = 0; r < 200; ++r)
    if (training.engine().plan().parts().train.y.as<double>()[2 * r + 1] < 0.5) rows.push_back(r);
  rows.resize(100);
  EXPECT_GT(score_of(training.engine(), PartName::train, rows).value, 0.7);
}

}  // namespace tend::score_test
