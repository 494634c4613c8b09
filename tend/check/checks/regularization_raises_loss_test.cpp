#include "tend/check/checks/regularization_raises_loss.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::regularization_raises_loss_test {

namespace {

CheckResult with_settings(const std::string& settings, const std::string& dropout = "") {
  return checked(RegularizationRaisesLoss{},
                 "[{ dense = 64" + settings + " }, \"relu\"," + dropout + "{ dense = 64" + settings + " }, \"relu\"," + dropout +
                     "{ dense = 3" + settings + " }]",
                 small_classes())
      .at(0);
}

}  // namespace

TEST(RegularizationRaisesLoss, reports_the_penalties) {
  const CheckResult none = with_settings(""), some = with_settings(", l2 = 1e-4"), twice = with_settings(", l2 = 2e-4");
  EXPECT_EQ(*none.value, 0);
  EXPECT_GT(*some.value, 0);
  EXPECT_NEAR(*twice.value, 2 * *some.value, 1e-9);
  EXPECT_EQ(some.verdict, Verdict::pass);
}

TEST(RegularizationRaisesLoss, passes_usual_penalties_and_dropout) {
  EXPECT_EQ(with_settings(", l2 = 1e-3").verdict, Verdict::pass);
  EXPECT_EQ(with_settings(", l1 = 1e-4").verdict, Verdict::pass);
  EXPECT_EQ(with_settings("", "{ dropout = 0.5 },").verdict, Verdict::pass);
}

TEST(RegularizationRaisesLoss, passes_dropout_of_half_in_narrow_layers_with_usual_penalties) {
  for (const char* seed : {"1", "2", "3", "4"}) {
    Experiment e = small_experiment(R"([{ dense = 32, l2 = 1e-3, max_norm = 3 }, "relu", { dropout = 0.5 },
                                        { dense = 32, l2 = 1e-3, max_norm = 3 }, "relu", { dropout = 0.5 }, { dense = 3, l2 = 1e-3 }])");
    e.seed = static_cast<std::uint64_t>(seed[0] - '0');
    const CheckResult r = checked(RegularizationRaisesLoss{}, e, small_classes()).at(0);
    EXPECT_EQ(r.verdict, Verdict::pass) << r.message;
    EXPECT_TRUE(*r.value > 0 && *r.value < 0.95) << "looked at";
  }
}

TEST(RegularizationRaisesLoss, passes_three_dropouts_of_half_after_few_steps) {
  const std::string halves = R"({ dense = 128 }, "relu", { dropout = 0.5 }, )";
  const CheckResult r =
      checked(RegularizationRaisesLoss{}, "[" + halves + halves + halves + "{ dense = 3 }]", small_classes()).at(0);
  EXPECT_EQ(r.verdict, Verdict::pass) << r.message;
  EXPECT_EQ(*r.expected, 0.95);
}

TEST(RegularizationRaisesLoss, warns_where_penalties_prevent_learning) {
  for (const char* penalty : {", l2 = 1.0", ", l1 = 0.5"}) {
    const CheckResult r = with_settings(penalty);
    EXPECT_EQ(r.verdict, Verdict::warn) << r.message;
    EXPECT_EQ(r.cause, "regularization");
    EXPECT_TRUE(r.changes.at(0).path.starts_with("network.layers.dense_1.l"));
    EXPECT_GT(*r.value, 0.2);
  }
}

TEST(RegularizationRaisesLoss, warns_where_dropout_keeps_almost_nothing) {
  const CheckResult r = with_settings("", "{ dropout = 0.95 },");
  EXPECT_EQ(r.verdict, Verdict::warn) << r.message;
  EXPECT_EQ(r.cause, "regularization");
  EXPECT_EQ(text_of(r.changes), "network.layers.dropout_1.dropout = 0.2; network.layers.dropout_2.dropout = 0.2");
}

TEST(RegularizationRaisesLoss, sees_weight_decay_in_the_update) {
  const std::string layers = R"([{ dense = 64 }, "relu", { dense = 3 }])";
  const auto decayed = [&](const char* decay) {
    return checked(RegularizationRaisesLoss{}, layers, small_classes(),
                   std::string("[update]\noptimizer = { name = \"adam\", learning_rate = 0.01 }\nweight_decay = ") + decay + "\n")
        .at(0);
  };
  EXPECT_EQ(decayed("1e-4").verdict, Verdict::pass);
  const CheckResult r = decayed("10.0");
  EXPECT_EQ(r.verdict, Verdict::warn) << r.message;
  EXPECT_EQ(text_of(r.changes), "update.weight_decay = 1e-04");
}

}  // namespace tend::regularization_raises_loss_test
