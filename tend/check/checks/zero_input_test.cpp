#include "tend/check/checks/zero_input.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::zero_input_test {

TEST(ZeroInput, passes_networks_that_use_their_inputs) {
  const CheckResult classes = checked(ZeroInput{}, R"([{ dense = 16 }, "relu", { dense = 3 }])", small_classes()).at(0);
  EXPECT_EQ(classes.verdict, Verdict::pass);
  EXPECT_LT(*classes.value, 0.5 * *classes.expected);
  EXPECT_NEAR(*classes.expected, std::log(3), 0.15);
  EXPECT_EQ(checked(ZeroInput{}, R"([{ dense = 16 }, "relu", { dense = 1 }])", small_values(300, 50, 10)).at(0).verdict,
            Verdict::pass);
}

TEST(ZeroInput, warns_where_the_inputs_do_not_reach_the_output) {
  const CheckResult dead =
      checked(ZeroInput{}, R"([{ dense = 16, bias_initializer = { constant = -40.0 } }, "relu", { dense = 3 }])", small_classes())
          .at(0);
  EXPECT_EQ(dead.verdict, Verdict::warn);
  EXPECT_EQ(dead.cause, "architecture");
  EXPECT_EQ(*dead.value, *dead.expected);
  EXPECT_EQ(checked(ZeroInput{}, R"([{ dense = 16 }, "relu", { dense = 1 }, "softmax"])", small_values()).at(0).cause,
            "activation-output");
}

TEST(ZeroInput, is_skipped_for_few_rows) {
  EXPECT_EQ(checked(ZeroInput{}, R"([{ dense = 3 }])", small_classes(3), "[train]\nbatch_size = 2\n").at(0).verdict,
            Verdict::skipped);
}

}  // namespace tend::zero_input_test
