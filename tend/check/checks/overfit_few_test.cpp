#include "tend/check/checks/overfit_few.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::overfit_few_test {

TEST(OverfitFew, memorizes_twenty_examples) {
  const CheckResult r = checked(OverfitFew{}, R"([{ dense = 64 }, "relu", { dense = 3 }])", small_classes()).at(0);
  EXPECT_EQ(r.verdict, Verdict::pass);
  EXPECT_LT(*r.value, 0.11);
  EXPECT_NE(r.message.find("The network memorizes 20 examples"), std::string::npos) << r.message;
}

TEST(OverfitFew, memorizes_values_without_dropout_and_penalties) {
  const CheckResult r =
      checked(OverfitFew{}, R"([{ dense = 64, l2 = 10.0 }, "relu", { dropout = 0.9 }, { dense = 1, l2 = 10.0 }])", small_values())
          .at(0);
  EXPECT_NE(r.message.find("memorizes"), std::string::npos) << r.message;
}

TEST(OverfitFew, passes_a_linear_network_that_cannot_memorize) {
  Dataset d = small_classes();  // class 0 or 1 by the sign of x0 x1: no line parts them
  Array y({d.rows(), 1}, ElementType::float64);
  for (std::int64_t i = 0; i < d.rows(); ++i) y.as<double>()[i] = d.x.as<double>()[2 * i] * d.x.as<double>()[2 * i + 1] > 0;
  const CheckResult linear = checked(OverfitFew{}, "[{ dense = 2 }]", Dataset::classification(d.x, y, 2)).at(0);
  EXPECT_EQ(linear.verdict, Verdict::pass);
  EXPECT_NE(linear.message.find("linear"), std::string::npos) << linear.message;
}

TEST(OverfitFew, fails_where_no_gradient_reaches_a_weight) {
  const CheckResult r =
      checked(OverfitFew{},
              R"([{ dense = 16, bias_initializer = { constant = -50.0 } }, "relu", { dense = 1, bias = false }, "relu"])",
              small_values(300, 50))
          .at(0);
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_EQ(r.cause, "gradient-bug");
}

TEST(OverfitFew, blames_an_earlier_alarm_that_can_keep_a_network_from_memorizing) {
  const Training training(
      small_experiment(
          R"([{ dense = 16, bias_initializer = { constant = -50.0 } }, "relu", { dense = 1, bias = false }, "relu"])", "", true),
      small_values(300, 50));
  const tend::Setup setup(training);
  setup.remember("label_alignment",
                 CheckResult::alarm(Verdict::warn, "data-label", "The labels are random.", {}, "Look at them."));
  EXPECT_EQ(OverfitFew{}.run(setup).at(0).cause, "gradient-bug") << "random labels can be memorized";
  setup.remember("data_statistics", CheckResult::alarm(Verdict::warn, "data-scale", "The inputs are large.", {}, "Scale them."));
  const CheckResult r = OverfitFew{}.run(setup).at(0);
  EXPECT_EQ(r.cause, "data-scale");
  EXPECT_NE(r.message.find("what the check data_statistics reports"), std::string::npos) << r.message;
}

TEST(OverfitFew, is_skipped_where_all_rows_are_equal) {
  Dataset d = small_classes(40);
  for (std::int64_t i = 0; i < d.x.shape().count(); ++i) d.x.as<double>()[i] = 1;
  EXPECT_EQ(checked(OverfitFew{}, "[{ dense = 3 }]", d).at(0).verdict, Verdict::skipped);
}

}  // namespace tend::overfit_few_test
