#include "tend/trial/score.h"

#include <numeric>

#include "tend/check/checks_test.h"

namespace tend::score_test {

std::vector<std::int64_t> first_rows(std::int64_t n) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(n));
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

TEST(Score, of_equal_probabilities_is_that_of_chance) {
  const Training training(small_experiment("[{ dense = 3, initializer = \"zeros\" }]"), small_classes());
  const tend::Run& run = training.engine();
  EXPECT_NEAR(score_of(run, PartName::train, first_rows(50)), 1.0 / 3, 1e-6);
  EXPECT_NEAR(score_of_chance(run.plan()), 1.0 / 3, 1e-12);
}

TEST(Score, counts_rare_classes_more_than_their_rows) {
  Array x({90, 1}, ElementType::float32), y({90, 1}, ElementType::float64);
  for (std::int64_t i = 0; i < 90; ++i) x.as<float>()[i] = 1, y.as<double>()[i] = i % 9 == 0;
  const Training training(small_experiment("[{ dense = 2, initializer = \"zeros\", bias_initializer = { constant = 0.0 } }]"),
                          Dataset::classification(x, y, 2));
  tend::Run run = training.engine().fork();
  run.state().at<float>(*run.state().directory().find("dense_1.bias"))[0] = 50;  // always the frequent class
  const std::vector<std::int64_t> rows = first_rows(60);
  double frequent = 0;
  for (const std::int64_t r : rows) frequent += run.plan().parts().train.y.as<double>()[r] == 0;
  EXPECT_NEAR(score_of(run, PartName::train, rows), 0.5 * (0.5 + frequent / 60), 1e-6);
}

TEST(Score, of_values_is_r2_in_the_targets_units_and_at_least_minus_1) {
  const Dataset data = small_values(300, 1000, 5);
  Training training(small_experiment("[{ dense = 1, initializer = \"zeros\" }]",
                                     "[prepare]\ntarget = \"standardize\"\n[train]\nepochs = 20\n", true),
                    data);
  EXPECT_NEAR(score_of(training.engine(), PartName::validation, first_rows(60)), 0, 0.05);
  training.run();
  EXPECT_GT(score_of(training.engine(), PartName::validation, first_rows(60)), 0.95);
  const Training far(small_experiment("[{ dense = 1, initializer = \"zeros\" }]", "", true), data);
  EXPECT_EQ(score_of(far.engine(), PartName::validation, first_rows(60)), -1) << "all answers are 0, the targets near 1000";
}

TEST(Score, of_answers_that_are_not_finite_is_the_lowest) {
  Training training(small_experiment("[{ dense = 3 }]"), small_classes());
  tend::Run run = training.engine().fork();
  run.state().at<float>(*run.state().directory().find("dense_1.bias"))[0] = std::nanf("");
  EXPECT_EQ(score_of(run, PartName::train, first_rows(50)), 0);
}

}  // namespace tend::score_test
