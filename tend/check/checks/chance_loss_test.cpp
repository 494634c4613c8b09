#include "tend/check/checks/chance_loss.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::chance_loss_test {

TEST(ChanceLoss, expects_ln_c_of_softmax_and_c_minus_one_of_the_hinge) {
  const CheckResult softmax =
      checked(ChanceLoss{}, R"([{ dense = 16 }, "relu", { dense = 3, initializer = { normal = 0.01 } }])", small_classes()).at(0);
  EXPECT_EQ(softmax.verdict, Verdict::pass);
  EXPECT_NEAR(*softmax.expected, std::log(3), 1e-6);
  EXPECT_NEAR(*softmax.value, std::log(3), 0.05);
  const CheckResult hinge = checked(ChanceLoss{}, R"([{ dense = 3, initializer = { normal = 0.01 } }])", small_classes(),
                                    "[loss]\nname = \"multiclass_hinge\"\n")
                                .at(0);
  EXPECT_NEAR(*hinge.expected, 2, 1e-6);
}

TEST(ChanceLoss, expects_the_variance_of_values) {
  const CheckResult r = checked(ChanceLoss{}, R"([{ dense = 1 }])", small_values()).at(0);
  EXPECT_NEAR(*r.expected, 5.01, 1.4);  // three deviations of a variance of 240 rows
  EXPECT_EQ(r.verdict, Verdict::pass);
}

TEST(ChanceLoss, blames_the_weights_where_the_initial_loss_is_far_too_high) {
  const CheckResult r =
      checked(ChanceLoss{},
              R"([{ dense = 64, initializer = { normal = 5.0 } }, "relu", { dense = 3, initializer = { normal = 5.0 } }])",
              small_classes())
          .at(0);
  EXPECT_EQ(r.verdict, Verdict::warn);
  EXPECT_EQ(r.cause, "init");
  EXPECT_GT(*r.value, 30 * *r.expected);
}

TEST(ChanceLoss, blames_targets_that_are_far_smaller_than_outputs) {
  const CheckResult r = checked(ChanceLoss{}, R"([{ dense = 16 }, "relu", { dense = 1 }])", small_values(300, 0, 0.002)).at(0);
  EXPECT_EQ(r.cause, "data-scale");
  EXPECT_EQ(text_of(r.changes), "prepare.target = \"standardize\"");
}

TEST(ChanceLoss, fails_where_the_loss_is_not_finite) {
  const CheckResult r = checked(ChanceLoss{}, R"([{ dense = 8, initializer = { normal = 50.0 } }, "exponential", { dense = 3 }])",
                                small_classes())
                            .at(0);
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_EQ(r.cause, "numerics");
}

}  // namespace tend::chance_loss_test
