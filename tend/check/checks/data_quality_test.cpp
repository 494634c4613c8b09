#include "tend/check/checks/data_quality.h"

#include <limits>

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::data_quality_test {

namespace {

const std::string layers = R"([{ dense = 3 }])", one = R"([{ dense = 1 }])";
constexpr std::int64_t held_out_from = 240;  // of 300 rows with the last fifth held out

/// What is said where the last fifth of the rows is held out, in their order.
CheckResult said_of_last(const Dataset& data, const std::string& layers_of, bool is_regression = false) {
  Experiment e = small_experiment(layers_of, "", is_regression);
  e.data.split = "last";
  return checked(DataQuality{}, e, data).at(0);
}

}  // namespace

TEST(DataQuality, passes_sound_rows_of_every_task) {
  EXPECT_EQ(checked(DataQuality{}, layers, small_classes()).at(0).verdict, Verdict::pass);
  EXPECT_EQ(checked(DataQuality{}, one, small_values()).at(0).verdict, Verdict::pass);
  EXPECT_EQ(checked(DataQuality{}, layers, small_classes(12)).at(0).verdict, Verdict::pass);
}

TEST(DataQuality, names_the_row_and_column_of_an_input_that_is_not_finite) {
  Dataset data = small_classes();
  data.x.as<double>()[2 * 17 + 1] = std::numeric_limits<double>::infinity();
  const CheckResult r = said_of_last(data, layers);
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_EQ(r.cause, "data-quality");
  EXPECT_EQ(*r.value, 1);
  EXPECT_NE(r.message.find("row 17 of the data (counted from 0), in column 1"), std::string::npos) << r.message;
}

TEST(DataQuality, warns_of_held_out_rows_that_are_not_finite) {
  Dataset data = small_classes();
  data.x.as<double>()[2 * (held_out_from + 5)] = std::nan("");
  const CheckResult r = said_of_last(data, layers);
  EXPECT_EQ(r.verdict, Verdict::warn);
  EXPECT_NE(r.message.find("validation"), std::string::npos);
}

TEST(DataQuality, advises_to_impute_missing_values_but_not_infinite_ones) {
  Dataset data = small_classes();
  data.x.as<double>()[7] = std::nan("");
  EXPECT_EQ(text_of(checked(DataQuality{}, layers, data).at(0).changes), "prepare.steps = [\"impute\"]");
  data.x.as<double>()[7] = std::numeric_limits<double>::infinity();
  EXPECT_FALSE(checked(DataQuality{}, layers, data).at(0).advice.empty());
}

TEST(DataQuality, fails_inputs_that_are_all_the_same) {
  Dataset data = small_classes();
  std::fill_n(data.x.as<double>(), 2 * data.rows(), 0.5);
  const CheckResult r = checked(DataQuality{}, layers, data).at(0);
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_EQ(r.cause, "data-quality");
}

TEST(DataQuality, names_a_few_targets_that_dominate_the_squared_error) {
  Dataset data = small_values(300, 20, 3);
  for (std::int64_t r = 0; r < 4; ++r) data.y.as<double>()[r] *= 1000;
  const CheckResult r = said_of_last(data, one, true);
  EXPECT_EQ(r.cause, "data-quality");
  EXPECT_GT(*r.value, 0.99);
  EXPECT_NE(r.message.find("4 of 240 targets are far from all others"), std::string::npos) << r.message;
  EXPECT_NE(r.message.find("first in row 0 of the data"), std::string::npos) << r.message;
  ASSERT_EQ(r.changes.size(), 1u);
  EXPECT_EQ(r.changes[0].path, "data.target_range") << "no tail is that long";
}

TEST(DataQuality, advises_a_loss_that_bounds_the_tail_of_targets) {
  Dataset data = small_values(300, 20, 3);
  for (std::int64_t r = 0; r < 2; ++r) data.y.as<double>()[r] = 300;
  const CheckResult r = said_of_last(data, one, true);
  EXPECT_EQ(r.cause, "data-quality");
  ASSERT_EQ(r.changes.size(), 1u) << r.message;
  EXPECT_EQ(r.changes[0].path, "loss.name") << r.message;
}

TEST(DataQuality, fails_targets_that_are_all_the_same) {
  Dataset data = small_values();
  std::fill_n(data.y.as<double>(), data.rows(), 7.0);
  const CheckResult r = checked(DataQuality{}, one, data).at(0);
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_EQ(r.cause, "data-label");
  EXPECT_NE(r.message.find("it is 7 in all 240 training rows"), std::string::npos) << r.message;
}

TEST(DataQuality, warns_of_one_constant_target_column_among_two) {
  Dataset data = small_values();
  Array two({data.rows(), 2}, ElementType::float64);
  for (std::int64_t r = 0; r < data.rows(); ++r)
    two.as<double>()[2 * r] = data.y.as<double>()[r], two.as<double>()[2 * r + 1] = 0;
  const CheckResult r = checked(DataQuality{}, "[{ dense = 2 }]", Dataset::regression(data.x, two)).at(0);
  EXPECT_EQ(r.verdict, Verdict::warn);
  EXPECT_EQ(r.cause, "data-label");
  EXPECT_EQ(*r.value, 1);
}

TEST(DataQuality, accepts_a_label_that_no_row_has_but_not_labels_without_any_difference) {
  Array x({60, 2}, ElementType::float32), y({60, 2}, ElementType::float64);
  for (std::int64_t i = 0; i < 120; ++i)
    x.as<float>()[i] = static_cast<float>(i % 7), y.as<double>()[i] = static_cast<double>(i % 2 == 0 && i % 3 == 0);
  const auto of = [&] {
    return checked(DataQuality{}, "[{ dense = 2 }]", Dataset::multilabel(x, y), "[loss]\nname = \"sigmoid_cross_entropy\"\n")
        .at(0);
  };
  EXPECT_EQ(of().verdict, Verdict::pass) << of().message;
  std::fill_n(y.as<double>(), 120, 1.0);
  EXPECT_EQ(of().cause, "data-label");
}

TEST(DataQuality, names_a_target_of_a_held_out_row_that_decides_all_its_metrics) {
  Dataset data = small_values(300, 20, 3);
  data.y.as<double>()[250] = 1e9;  // one of the last fifth of the rows
  const CheckResult r = said_of_last(data, one, true);
  EXPECT_EQ(r.cause, "data-quality");
  EXPECT_NE(
      r.message.find("1 of 300 training and validation targets is far from all others: it is 1e+09, in row 250 of the data"),
      std::string::npos)
      << r.message;
}

TEST(DataQuality, names_a_code_for_missing_targets) {
  Dataset data = small_values(300, 20, 3);
  for (std::int64_t r = 0; r < 20; ++r) data.y.as<double>()[10 * r] = -999;
  const CheckResult r = said_of_last(data, one, true);
  EXPECT_EQ(r.cause, "data-quality");
  EXPECT_NE(r.message.find("exactly -999, which is probably a code for a missing value"), std::string::npos) << r.message;
  EXPECT_EQ(text_of(r.changes), "data.target_range = [-100.0, 100.0]");
}

TEST(DataQuality, distinguishes_copied_held_out_rows_from_a_repetitive_source) {
  Dataset leaked = small_classes(), repetitive = small_classes();
  for (std::int64_t r = held_out_from; r < 300; ++r)
    for (int f = 0; f < 2; ++f) leaked.x.as<double>()[2 * r + f] = leaked.x.as<double>()[2 * (r - held_out_from) + f];
  const CheckResult r = said_of_last(leaked, layers);
  EXPECT_EQ(r.verdict, Verdict::warn);
  EXPECT_EQ(r.cause, "data-leak");
  EXPECT_EQ(*r.value, 1);
  EXPECT_EQ(*r.expected, 0);
  for (std::int64_t i = 0; i < 600; ++i) repetitive.x.as<double>()[i] = std::round(2 * repetitive.x.as<double>()[i]);
  EXPECT_EQ(checked(DataQuality{}, layers, repetitive).at(0).verdict, Verdict::pass);
}

TEST(DataQuality, names_held_out_rows_that_are_nearly_training_rows) {
  Dataset data = small_classes();
  for (std::int64_t r = held_out_from; r < 300; ++r)
    for (int f = 0; f < 2; ++f) data.x.as<double>()[2 * r + f] = data.x.as<double>()[2 * (r - held_out_from) + f] + 1e-5;
  EXPECT_EQ(said_of_last(data, layers).cause, "data-leak");
}

TEST(DataQuality, fails_a_class_that_only_the_last_rows_have) {
  Dataset data = small_classes();
  for (std::int64_t r = 0; r < 300; ++r) data.y.as<double>()[r] = static_cast<double>(r / 125);  // 0, 1, and 2 in rows 250 on
  const CheckResult r = said_of_last(data, layers);
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_EQ(r.cause, "data-order");
  EXPECT_NE(r.advice.find("data.split"), std::string::npos) << r.advice;
  EXPECT_NEAR(*r.value, 50.0 / 60, 1e-12);
}

TEST(DataQuality, names_validation_targets_outside_the_range_of_training) {
  Dataset data = small_values();
  for (std::int64_t r = 0; r < 300; ++r) data.y.as<double>()[r] = 0.1 * static_cast<double>(r);
  EXPECT_EQ(said_of_last(data, one, true).cause, "data-order");
}

TEST(DataQuality, advises_no_random_split_of_a_series_with_a_trend) {
  Dataset data = small_values(600);
  for (std::int64_t r = 0; r < 600; ++r) {
    for (std::int64_t c = 0; c < 3; ++c) data.x.as<double>()[3 * r + c] = std::sin(static_cast<double>(r * (c + 1)) / 200);
    data.y.as<double>()[r] = static_cast<double>(r);
  }
  Experiment e = small_experiment("[{ dense = 1 }]", "", true);
  e.data.split = "last";
  const CheckResult r = checked(DataQuality{}, e, data).at(0);
  EXPECT_EQ(r.cause, "data-order");
  EXPECT_NE(r.advice.find("Keep this split"), std::string::npos) << r.advice;
}

TEST(DataQuality, names_classes_that_are_far_rarer_in_training_than_held_out) {
  Dataset data = small_classes();
  for (std::int64_t r = 0; r < held_out_from; ++r) data.y.as<double>()[r] = r < 4 ? 2 : static_cast<double>(r % 2);
  Experiment e = small_experiment(layers);
  e.data.split = "last";
  const CheckResult r = checked(DataQuality{}, e, data).at(0);
  EXPECT_EQ(r.cause, "class-imbalance");
  EXPECT_NEAR(*r.value, 4.0 / 240, 1e-12);
}

TEST(DataQuality, names_a_class_that_has_almost_all_rows) {
  Dataset data = small_classes(1500);
  for (std::int64_t r = 0; r < 1500; ++r) data.y.as<double>()[r] = r % 150 == 0;
  EXPECT_EQ(checked(DataQuality{}, layers, data).at(0).cause, "class-imbalance");
  for (std::int64_t r = 0; r < 1500; ++r) data.y.as<double>()[r] = r % 11 == 0;
  EXPECT_EQ(checked(DataQuality{}, layers, data).at(0).verdict, Verdict::pass);
}

TEST(DataQuality, fails_training_rows_of_one_class) {
  Dataset data = small_classes();
  std::fill_n(data.y.as<double>(), 300, 1.0);
  const CheckResult r = checked(DataQuality{}, layers, data).at(0);
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_EQ(r.cause, "class-imbalance");
}

/// Rows of a slow walk in three columns; the class says whether the first column is above its mean.
Dataset slow_series(std::int64_t n) {
  Array x({n, 3}, ElementType::float32), y({n, 1}, ElementType::float64);
  Random random(4, purpose("slow series"));
  double walk[3] = {0, 0, 0};
  for (std::int64_t r = 0; r < n; ++r)
    for (int c = 0; c < 3; ++c) {
      walk[c] += 0.1 * random.normal();
      x.as<float>()[3 * r + c] = static_cast<float>(walk[c]);
      y.as<double>()[r] = walk[0] > 0;
    }
  return Dataset::classification(x, y, 2);
}

TEST(DataQuality, names_a_random_split_of_a_slow_series) {
  const std::vector<CheckResult> r = checked(DataQuality{}, "[{ dense = 2 }]", slow_series(400));
  ASSERT_EQ(alarms_of(r), std::vector<std::string>{"data-leak"}) << r[0].message;
  EXPECT_EQ(r[0].advice, "Set data.split to \"last\".");
  EXPECT_NE(r[0].message.find("The rows are a series"), std::string::npos) << r[0].message;
}

/// Rows of 25 years in their order, or of 400 moments; what else a row has does not depend on its neighbours.
Dataset sorted_rows(bool is_by_year) {
  constexpr std::int64_t n = 400;
  Array x({n, 2}, ElementType::float64), y({n, 1}, ElementType::float64);
  Random random(6, purpose("sorted rows"));
  for (std::int64_t r = 0; r < n; ++r) {
    x.as<double>()[2 * r] = is_by_year ? static_cast<double>(r * 25 / n) : static_cast<double>(r) / 16;
    x.as<double>()[2 * r + 1] = is_by_year ? x.as<double>()[2 * r] + 0.1 * random.normal()
                                           : std::sin(static_cast<double>(r) / 20);
    y.as<double>()[r] = static_cast<double>(r % 2);
  }
  return Dataset::classification(x, y, 2);
}

TEST(DataQuality, calls_rows_that_are_sorted_by_a_column_of_few_values_no_series) {
  EXPECT_EQ(alarms_of(checked(DataQuality{}, "[{ dense = 2 }]", sorted_rows(true))), std::vector<std::string>{});
  EXPECT_EQ(alarms_of(checked(DataQuality{}, "[{ dense = 2 }]", sorted_rows(false))), std::vector<std::string>{"data-leak"});
}

TEST(DataQuality, names_held_out_rows_most_of_which_are_copies) {
  const Dataset once = small_classes(60);
  std::vector<std::int64_t> rows;
  for (std::int64_t i = 0; i < 600; ++i) rows.push_back(i % 60);
  const std::vector<CheckResult> r = checked(DataQuality{}, "[{ dense = 3 }]", select_rows(once, rows));
  ASSERT_EQ(alarms_of(r), std::vector<std::string>{"data-leak"}) << r[0].message;
  EXPECT_NE(r[0].message.find("Only 60 of the 480 training rows differ"), std::string::npos) << r[0].message;
}

TEST(DataQuality, warns_of_many_copies_with_the_same_target_and_counts_fewer_in_a_pass) {
  const Dataset once = small_classes(300);
  const auto with_copies = [&](std::int64_t copied) {  // each copied row stands twice
    std::vector<std::int64_t> rows;
    for (std::int64_t i = 0; i < 300; ++i) rows.push_back(i), rows.push_back(i < copied ? i : 0);
    std::erase(rows, 0);
    return checked(DataQuality{}, "[{ dense = 3 }]", select_rows(once, rows));
  };
  const CheckResult many = with_copies(150).at(0), few = with_copies(20).at(0);
  EXPECT_EQ(many.verdict, Verdict::warn);
  EXPECT_EQ(many.cause, "data-leak");
  EXPECT_NE(many.message.find("rows are copies of training rows"), std::string::npos) << many.message;
  EXPECT_EQ(few.verdict, Verdict::pass) << few.message;
  EXPECT_NE(few.message.find("with the same target; "), std::string::npos) << few.message;
}

TEST(DataQuality, warns_where_half_of_the_training_rows_are_copies_although_no_held_out_row_is) {
  const Dataset once = small_classes(300);
  std::vector<std::int64_t> rows;
  for (std::int64_t i = 0; i < 240; ++i) rows.push_back(i % 80);  // the held-out rows are the last ones
  for (std::int64_t i = 240; i < 300; ++i) rows.push_back(i);
  const CheckResult r = said_of_last(select_rows(once, rows), "[{ dense = 3 }]");
  EXPECT_EQ(r.cause, "data-quality") << r.message;
  EXPECT_NE(r.message.find("Only 80 of the 240 training rows differ"), std::string::npos) << r.message;
}

TEST(DataQuality, names_classes_of_one_or_two_rows) {
  Dataset data = small_classes();
  double* y = data.y.as<double>();
  for (std::int64_t r = 0; r < data.rows(); ++r)
    if (y[r] == 2) y[r] = static_cast<double>(r % 2);
  y[5] = 2;
  const CheckResult r = checked(DataQuality{}, "[{ dense = 3 }]", data).at(0);
  EXPECT_EQ(r.cause, "class-imbalance");
  EXPECT_NE(r.message.find("One class has only one or two rows"), std::string::npos) << r.message;
}

TEST(DataQuality, names_a_random_split_of_a_slow_series_without_validation_rows) {
  Dataset data = small_classes(600);
  for (std::int64_t r = 0; r < 600; ++r)
    for (std::int64_t c = 0; c < 2; ++c)
      data.x.as<double>()[2 * r + c] = std::sin(static_cast<double>(r) / 90 + static_cast<double>(c)) +
                                       static_cast<double>(r) / 300;
  Experiment e = small_experiment("[{ dense = 3 }]");
  e.data.validation = 0.0;
  e.data.test = 0.2;
  const CheckResult r = checked(DataQuality{}, e, data).at(0);
  EXPECT_EQ(r.cause, "data-leak") << r.message;
  EXPECT_NE(r.message.find("test rows lie between training rows"), std::string::npos) << r.message;
}

TEST(DataQuality, fails_classes_of_one_row_each) {
  Dataset data = small_classes(90);
  for (std::int64_t r = 0; r < 90; ++r) data.y.as<double>()[r] = static_cast<double>(r);
  const CheckResult r = checked(DataQuality{}, "[{ dense = 90 }]", Dataset::classification(data.x, data.y, 90)).at(0);
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_EQ(r.cause, "class-imbalance");
  EXPECT_NE(r.advice.find("data.task to \"regression\""), std::string::npos) << r.advice;
}

TEST(DataQuality, class_weights_are_about_as_uneven_as_the_classes) {
  const auto of = [](const std::string& weights) {
    return checked(DataQuality{}, layers, small_classes(300),
                   "[loss]\nname = \"softmax_cross_entropy\"\nclass_weights = " + weights + "\n")
        .at(0);
  };
  const std::string name = small_classes(300).classes[0];
  EXPECT_EQ(of("{ \"" + name + "\" = 5.0 }").verdict, Verdict::pass);
  const CheckResult none = of("{ \"" + name + "\" = 0.0 }"), heavy = of("{ \"" + name + "\" = 1000.0 }");
  EXPECT_NE(none.message.find("the weight 0"), std::string::npos) << none.message;
  EXPECT_EQ(heavy.cause, "class-imbalance");
  EXPECT_EQ(text_of(heavy.changes), "loss.class_weights = \"balanced\"");
}

}  // namespace tend::data_quality_test
