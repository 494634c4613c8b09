#include "tend/check/checks/data_statistics.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::data_statistics_test {

namespace {

const std::string layers = R"([{ dense = 8 }, "relu", { dense = 3 }])";

std::string scaled_by(const std::string& factor) { return "[prepare]\nsteps = [{ scale = " + factor + " }]\n"; }

}  // namespace

TEST(DataStatistics, passes_inputs_of_unit_size) {
  const CheckResult r = checked(DataStatistics{}, layers, small_classes()).at(0);
  EXPECT_EQ(r.verdict, Verdict::pass);
  EXPECT_NEAR(*r.value, 0.94, 0.05);  // 1.2 / sqrt 2 and 0.4 of noise
  EXPECT_NE(r.message.find("zero-centred"), std::string::npos);
}

TEST(DataStatistics, names_inputs_that_are_far_too_large) {
  const CheckResult r = checked(DataStatistics{}, layers, small_classes(), scaled_by("1000")).at(0);
  EXPECT_EQ(r.verdict, Verdict::warn);
  EXPECT_EQ(r.cause, "data-scale");
  EXPECT_NEAR(*r.value, 940, 50);
  EXPECT_EQ(checked(DataStatistics{}, layers, small_classes(), scaled_by("20")).at(0).verdict, Verdict::pass);
}

TEST(DataStatistics, names_inputs_that_are_far_too_small) {
  const CheckResult r = checked(DataStatistics{}, layers, small_classes(), scaled_by("0.0001")).at(0);
  EXPECT_EQ(r.verdict, Verdict::warn);
  EXPECT_EQ(r.cause, "data-scale");
  EXPECT_LT(*r.value, 0.00015);
}

TEST(DataStatistics, warns_of_inputs_of_a_hundredth_where_steps_shrink_with_the_inputs) {
  const auto verdict = [&](const std::string& optimizer) {
    return checked(DataStatistics{}, layers, small_classes(),
                   scaled_by("0.01") + "[update]\noptimizer = { name = \"" + optimizer + "\", learning_rate = 0.01 }\n")
        .at(0)
        .verdict;
  };
  for (const char* plain : {"sgd", "momentum", "nesterov"}) EXPECT_EQ(verdict(plain), Verdict::warn) << plain;
  for (const char* adaptive : {"adam", "adamw", "rmsprop"}) EXPECT_EQ(verdict(adaptive), Verdict::pass) << adaptive;
}

TEST(DataStatistics, accepts_any_scale_before_a_normalization) {
  for (const char* first :
       {R"([{ dense = 8 }, "batch_norm", "relu", { dense = 3 }])", R"(["layer_norm", { dense = 8 }, "relu", { dense = 3 }])"})
    EXPECT_EQ(checked(DataStatistics{}, first, small_classes(), scaled_by("1000")).at(0).verdict, Verdict::pass);
  EXPECT_EQ(
      checked(DataStatistics{}, R"([{ dense = 8 }, "relu", "batch_norm", { dense = 3 }])", small_classes(), scaled_by("1000"))
          .at(0)
          .verdict,
      Verdict::warn);
}

TEST(DataStatistics, names_one_column_of_another_scale) {
  Dataset data = small_classes();
  for (std::int64_t r = 0; r < data.rows(); ++r) data.x.as<double>()[2 * r + 1] *= 1e4;
  const CheckResult r = checked(DataStatistics{}, layers, data).at(0);
  EXPECT_EQ(r.cause, "data-scale");
  EXPECT_NE(r.message.find("(the largest is in column 2 of"), std::string::npos) << r.message;
}

TEST(DataStatistics, passes_rare_ones_also_standardized) {
  Dataset data = small_classes(400);
  for (std::int64_t r = 0; r < data.rows(); ++r) data.x.as<double>()[2 * r + 1] = r % 200 == 0;
  EXPECT_EQ(checked(DataStatistics{}, layers, data).at(0).verdict, Verdict::pass);
  EXPECT_EQ(checked(DataStatistics{}, layers, data, "[prepare]\nsteps = [\"standardize\"]\n").at(0).verdict, Verdict::pass);
}

TEST(DataStatistics, names_large_and_small_targets_unless_they_are_standardized) {
  const auto results = checked(DataStatistics{}, R"([{ dense = 1 }])", small_values(300, 5e4, 1e4));
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0].cause, "data-scale");
  EXPECT_EQ(text_of(results[0].changes), "prepare.target = \"standardize\"");
  EXPECT_GT(*results[0].value, 1000);
  const auto mended = checked(DataStatistics{}, R"([{ dense = 1 }])", small_values(300, 5e4, 1e4),
                              "[prepare]\ntarget = \"standardize\"\n");
  ASSERT_EQ(mended.size(), 1u);
  EXPECT_EQ(mended[0].verdict, Verdict::pass);
  EXPECT_EQ(checked(DataStatistics{}, R"([{ dense = 1 }])", small_values(300, 0, 1e-5)).at(0).cause, "data-scale");
  EXPECT_EQ(checked(DataStatistics{}, R"([{ dense = 1 }])", small_values(300, 25, 8)).at(0).verdict, Verdict::pass);
}

TEST(DataStatistics, accepts_inputs_that_are_not_finite) {
  Dataset data = small_classes();
  for (std::int64_t i = 0; i < 2 * data.rows(); ++i) data.x.as<double>()[i] = std::nan("");
  EXPECT_EQ(checked(DataStatistics{}, layers, data).at(0).verdict, Verdict::pass);
}

}  // namespace tend::data_statistics_test
