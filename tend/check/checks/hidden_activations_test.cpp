#include "tend/check/checks/hidden_activations.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::hidden_activations_test {

namespace {

CheckResult of(const std::string& activation, int depth, int units = 16) {
  std::string layers = "[";
  for (int i = 0; i < depth; ++i) layers += "{ dense = " + std::to_string(units) + " }, \"" + activation + "\", ";
  return checked(HiddenActivations{}, layers + "{ dense = 3 }]", small_classes()).at(0);
}

}  // namespace

TEST(HiddenActivations, takes_no_step_without_bounded_or_steep_activations) {
  const CheckResult r = of("relu", 3);
  EXPECT_EQ(r.verdict, Verdict::pass);
  EXPECT_FALSE(r.value);
}

TEST(HiddenActivations, passes_two_sigmoid_layers_and_five_tanh_layers) {
  EXPECT_EQ(of("sigmoid", 1).verdict, Verdict::pass);
  EXPECT_EQ(of("sigmoid", 2).verdict, Verdict::pass);
  EXPECT_EQ(of("tanh", 5).verdict, Verdict::pass);
}

TEST(HiddenActivations, warns_where_the_same_network_learns_only_with_relu) {
  const CheckResult r = of("sigmoid", 20);
  EXPECT_EQ(r.verdict, Verdict::warn) << r.message;
  EXPECT_EQ(r.cause, "activation-hidden");
  EXPECT_EQ(r.layer, "sigmoid_1");
  EXPECT_EQ(text_of(r.changes[0]), "network.layers.sigmoid_20 = \"relu\"");
  EXPECT_GT(*r.value, 1);
  EXPECT_LT(*r.expected, 0.75 * *r.value);
  EXPECT_EQ(of("softmax", 6, 64).cause, "activation-hidden");
}

TEST(HiddenActivations, compares_with_weights_that_suit_relu) {
  const std::string layer = R"({ dense = 16, initializer = { normal = 0.001 } }, "tanh", )";
  const CheckResult r = checked(HiddenActivations{},
                                "[" + layer + layer + layer + layer + layer + layer + layer + layer + "{ dense = 3 }]",
                                small_classes())
                            .at(0);
  EXPECT_LT(*r.expected, 0.1) << r.message;
}

TEST(HiddenActivations, fails_where_exponentials_overflow) {
  const CheckResult r = of("exponential", 8);
  EXPECT_EQ(r.verdict, Verdict::fail) << r.message;
  EXPECT_EQ(r.cause, "activation-hidden");
}

TEST(HiddenActivations, ignores_an_output_activation) {
  EXPECT_FALSE(checked(HiddenActivations{}, R"([{ dense = 8 }, "relu", { dense = 3 }, "softmax"])", small_classes(),
                       "[loss]\nname = \"categorical_cross_entropy\"\n")
                   .at(0)
                   .value);
}

}  // namespace tend::hidden_activations_test
