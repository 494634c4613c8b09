#include "tend/train/importance.h"

#include <gtest/gtest.h>

#include "tend/base/random.h"
#include "tend/train/training.h"

namespace tend::importance_test {
namespace {

/// Three columns of noise; the value is 3 a + b.
Dataset rows(std::int64_t n) {
  Array x({n, 3}, ElementType::float64), y({n, 1}, ElementType::float64);
  Random random(5, purpose("importance test"));
  for (std::int64_t r = 0; r < n; ++r) {
    for (int c = 0; c < 3; ++c) x.as<double>()[3 * r + c] = random.normal();
    y.as<double>()[r] = 3 * x.as<double>()[3 * r] + x.as<double>()[3 * r + 1];
  }
  Dataset data = Dataset::regression(x, y);
  for (std::size_t c = 0; c < 3; ++c) data.columns[c].name = std::string(1, static_cast<char>('a' + c));
  return data;
}

Model fitted(const Dataset& data) {
  TrainingOptions options;
  options.threads = 1;
  Training training(Experiment::parse("network.layers = [{ dense = 1 }]\nloss.name = 'mean_squared_error'\n"
                                      "update.optimizer = { name = 'adam', learning_rate = 0.05 }\ntrain.epochs = 30",
                                      "test"),
                    data, options);
  training.run();
  return training.model();
}

TEST(Importance, columns_lose_as_much_as_they_explain) {
  const Dataset data = rows(2000);
  const Model model = fitted(data);
  const Importance found = permutation_importance(model, data, "r2", 5, 1);
  ASSERT_EQ(found.columns.size(), 3u);
  EXPECT_EQ(found.columns[0].column, "a");
  EXPECT_NEAR(found.columns[0].mean, 1.8, 0.1);  // a permuted column adds twice its share of the variance: 2 * 9 / 10
  EXPECT_NEAR(found.columns[1].mean, 0.2, 0.02);
  EXPECT_NEAR(found.columns[2].mean, 0, 0.01);
  EXPECT_LT(found.columns[0].deviation, 0.1);
  const Importance by_error = permutation_importance(model, data, "mse", 2, 1);
  EXPECT_NEAR(by_error.columns[0].mean, 18, 1);
  EXPECT_EQ(permutation_importance(model, data, "r2", 5, 1).columns[0].mean, found.columns[0].mean);
}

TEST(Dependence, of_a_linear_model_is_a_line_with_its_weight) {
  const Dataset data = rows(2000);
  const std::vector<Dependence> all = partial_dependence(fitted(data), data, 1);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].column, "a");
  EXPECT_EQ(all[1].column, "b");
  EXPECT_EQ(all[0].points.size(), 11u);
  const auto slope = [](const Dependence& d) {
    return (d.points.back().answers[0] - d.points.front().answers[0]) / (d.points.back().value - d.points.front().value);
  };
  EXPECT_NEAR(slope(all[0]), 3, 0.05);
  EXPECT_NEAR(slope(all[1]), 1, 0.05);
  EXPECT_NEAR(slope(all[2]), 0, 0.05);
  EXPECT_NEAR(all[0].points.front().value, -1.64, 0.3);  // the quantile of 5 %
}

TEST(Dependence, of_categories_has_their_levels_and_rows_without_columns_are_refused) {
  Dataset data = rows(200);
  const Model model = fitted(data);
  data.columns[2].levels = {"low", "high"};
  for (std::int64_t r = 0; r < 200; ++r) data.x.as<double>()[3 * r + 2] = static_cast<double>(r % 2);
  for (const Dependence& d : partial_dependence(model, data, 1))
    if (d.column == "c") {
      ASSERT_EQ(d.points.size(), 2u);
      EXPECT_EQ(d.points[1].text, "high");
    }
  data.columns.clear();
  EXPECT_THROW(partial_dependence(model, data, 1), Error);
}

TEST(Importance, the_end_of_a_training_tells_which_columns_matter_also_of_float32_numbers) {
  Dataset data = rows(400);
  for (const bool is_float : {false, true}) {
    if (is_float) {
      Array x(data.x.shape(), ElementType::float32);
      std::copy_n(data.x.as<double>(), 1200, x.as<float>());
      data.x = x;
    }
    const Experiment experiment = Experiment::parse(
        "data.validation = 0.25\ndata.test = 0.25\nnetwork.layers = [{ dense = 1 }]\nloss.name = 'mean_squared_error'\n"
        "update.optimizer = { name = 'adam', learning_rate = 0.05 }\ntrain.epochs = 60",
        "test");
    Training training(experiment, data, {});
    const Summary& summary = training.run();
    ASSERT_TRUE(summary.columns);
    EXPECT_EQ(summary.columns->part, "held-out");
    EXPECT_EQ(summary.columns->importance.rows, 200);
    EXPECT_EQ(summary.columns->importance.columns[0].column, "a");
    EXPECT_GT(summary.columns->importance.columns[0].mean, 1);
    EXPECT_EQ(summary.columns->dependence.size(), 3u);
    TrainingOptions trial;
    trial.is_trial = true;
    Training other(experiment, data, trial);
    EXPECT_FALSE(other.run().columns);
  }
  const Model model = fitted(rows(400));
  EXPECT_FALSE(column_effects(model, rows(400), "held-out", 200, 1)) << "too few answers to tell";
}

TEST(Importance, rows_that_reading_left_out_do_not_shift_the_others) {
  Dataset data = rows(400);
  std::vector<std::int64_t> usable;
  for (std::int64_t r = 0; r < 400; ++r)
    if (r % 10 != 3) usable.push_back(r);
  const Dataset some = select_rows(data, usable);
  ASSERT_FALSE(some.source_rows.empty());
  Training training(Experiment::parse("data.test = 0.3\nnetwork.layers = [{ dense = 1 }]\nloss.name = 'mean_squared_error'\n"
                                      "update.optimizer = { name = 'adam', learning_rate = 0.05 }\ntrain.epochs = 60",
                                      "test"),
                    some, {});
  const Summary& summary = training.run();
  ASSERT_TRUE(summary.columns);
  EXPECT_EQ(summary.columns->part, "training") << "108 held-out rows are few";
  EXPECT_EQ(summary.columns->importance.rows, 252);
  EXPECT_NEAR(summary.columns->importance.value, metric_of(summary.train, "r2"), 1e-6);
}

TEST(Importance, of_few_rows_is_measured_by_the_networks_of_a_pack_that_left_them_out) {
  Dataset noise = rows(120);
  Random random(6, purpose("noise"));
  for (std::int64_t r = 0; r < 120; ++r) noise.y.as<double>()[r] = random.normal();
  const std::string text =
      "network = { pack = 10, pack_folds = 5, layers = [{ dense = 64 }, 'relu', { dense = 1 }] }\nloss.name = 'mean_squared_error'\n"
      "update.optimizer = { name = 'adam', learning_rate = 0.02 }\ntrain = { batch_size = 8, epochs = 100 }";
  Training memorizes(Experiment::parse(text, "test"), noise, {});
  const Summary& summary = memorizes.run();
  ASSERT_TRUE(summary.columns);
  EXPECT_EQ(summary.columns->part, "held-out");
  EXPECT_EQ(summary.columns->importance.rows, 120);
  EXPECT_GT(metric_of(summary.train, "r2"), 0.2) << "so that training rows would call columns of noise important";
  EXPECT_LT(summary.columns->importance.value, 0);
  EXPECT_LT(summary.columns->importance.columns[0].mean, 0.5);
  Training learns(Experiment::parse(text, "test"), rows(120), {});
  const Importance of_sum = learns.run().columns->importance;
  EXPECT_EQ(of_sum.columns[0].column, "a");
  EXPECT_GT(of_sum.columns[0].mean, 1);
  EXPECT_NEAR(of_sum.value, metric_of(learns.summary().validation, "r2"), 1e-6);
  Dataset times = rows(120);
  for (std::int64_t r = 0; r < 120; ++r) times.y.as<double>()[r] += 1.7e9;
  Training of_times(Experiment::parse(text + "\nprepare.target = 'standardize'", "test"), times, {});
  EXPECT_NEAR(of_times.run().columns->importance.columns[0].mean, of_sum.columns[0].mean, 0.3);
  Dataset rare = rows(60);
  for (std::int64_t r = 0; r < 60; ++r) rare.y.as<double>()[r] = r < 5 ? static_cast<double>(r) : 0;
  Training hardly_learns(Experiment::parse(text, "test"), rare, {});
  EXPECT_TRUE(std::isfinite(hardly_learns.run().columns->importance.value)) << "some folds have equal targets only";
}

TEST(Importance, left_out_rows_whose_targets_a_step_learnt_count_as_new) {
  Dataset some = rows(160);
  Random random(6, purpose("noise"));
  const std::int64_t width = some.x.row_size();
  for (std::int64_t r = 0; r < 160; ++r) some.y.as<double>()[r] = random.normal();
  for (std::int64_t r = 1; r < 80; r += 2) {  // pairs, as the step is to learn that equal rows have equal targets
    std::copy_n(some.x.as<double>() + (r - 1) * width, width, some.x.as<double>() + r * width);
    some.y.as<double>()[r] = some.y.as<double>()[r - 1];
  }
  Training training(
      Experiment::parse("network = { pack = 10, pack_folds = 5, layers = [{ dense = 16 }, 'relu', { dense = 1 }] }\n"
                        "loss.name = 'mean_squared_error'\nprepare.steps = ['equal_rows', 'standardize']\n"
                        "update.optimizer = { name = 'adam', learning_rate = 0.01 }\n"
                        "train = { batch_size = 8, epochs = 60 }",
                        "test"),
      some, {});
  const Importance found = training.run().columns->importance;
  EXPECT_GT(metric_of(training.model().evaluate(some), "r2"), 0.5) << "the step tells each training row its own target";
  EXPECT_LT(found.value, 0.2);
}

TEST(Dependence, of_a_column_where_nearly_all_rows_have_one_value_shows_the_others_too) {
  Dataset data = rows(400);
  for (std::int64_t r = 0; r < 400; ++r) data.x.as<double>()[3 * r + 2] = r % 50 == 7 ? static_cast<double>(r) : 0;
  for (const Dependence& d : partial_dependence(fitted(data), data, 1))
    if (d.column == "c") {
      EXPECT_EQ(d.points.size(), 9u);
      EXPECT_EQ(d.points.back().value, 357);
    }
}

TEST(Importance, rows_without_columns_and_unknown_metrics_are_refused) {
  Dataset data = rows(100);
  const Model model = fitted(data);
  EXPECT_THROW(permutation_importance(model, data, "accuracy", 1, 1), Error);
  data.columns.clear();
  EXPECT_THROW(permutation_importance(model, data, "r2", 1, 1), Error);
}

}  // namespace
}  // namespace tend::importance_test
