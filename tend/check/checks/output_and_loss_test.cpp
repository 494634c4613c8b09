#include "tend/check/checks/output_and_loss.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::output_and_loss_test {
namespace {

CheckResult of(const std::string& layers, const std::string& loss, const Dataset& data = small_classes(),
               const std::string& more = "") {
  return checked(OutputAndLoss{}, layers, data, "[loss]\nname = \"" + loss + "\"\n" + more).at(0);
}

Dataset two_classes() {
  Dataset d = small_classes();
  for (std::int64_t i = 0; i < d.rows(); ++i) d.y.as<double>()[i] = std::fmod(d.y.as<double>()[i], 2);
  return Dataset::classification(d.x, d.y, 2);
}

}  // namespace

TEST(OutputAndLoss, passes_suitable_pairs) {
  EXPECT_EQ(of("[{ dense = 3 }]", "softmax_cross_entropy").verdict, Verdict::pass);
  EXPECT_EQ(of(R"([{ dense = 3 }, "log_softmax"])", "softmax_cross_entropy").verdict, Verdict::pass);
  EXPECT_EQ(of(R"([{ dense = 3 }, "softmax"])", "categorical_cross_entropy").verdict, Verdict::pass);
  EXPECT_EQ(of("[{ dense = 1 }]", "sigmoid_cross_entropy", two_classes()).verdict, Verdict::pass);
  EXPECT_EQ(of(R"([{ dense = 1 }, "sigmoid"])", "binary_cross_entropy", two_classes()).verdict, Verdict::pass);
  EXPECT_EQ(of("[{ dense = 3 }]", "multiclass_hinge").verdict, Verdict::pass);
  EXPECT_EQ(of("[{ dense = 1 }]", "mean_squared_error", small_values()).verdict, Verdict::pass);
  EXPECT_EQ(of(R"([{ dense = 1 }, "relu"])", "mean_squared_error", small_values(300, 50)).verdict, Verdict::pass);
}

TEST(OutputAndLoss, sees_the_activation_before_a_reshape) {
  EXPECT_EQ(of(R"([{ dense = 3 }, "softmax", { reshape = [3] }])", "categorical_cross_entropy").verdict, Verdict::pass);
}

TEST(OutputAndLoss, warns_of_a_softmax_that_is_applied_twice) {
  const CheckResult r = of(R"([{ dense = 3 }, "softmax"])", "softmax_cross_entropy");
  EXPECT_EQ(r.verdict, Verdict::warn);
  EXPECT_EQ(r.cause, "activation-output");
  EXPECT_EQ(text_of(r.changes), "remove network.layers.softmax_1");
}

TEST(OutputAndLoss, fails_cross_entropy_of_values_that_are_not_probabilities) {
  for (const char* layers : {"[{ dense = 3 }]", R"([{ dense = 3 }, "relu"])", R"([{ dense = 3 }, "tanh"])"}) {
    const CheckResult r = of(layers, "categorical_cross_entropy");
    EXPECT_EQ(r.verdict, Verdict::fail) << layers;
    EXPECT_EQ(r.cause, "activation-output");
  }
  EXPECT_EQ(of(R"([{ dense = 1 }, "relu"])", "binary_cross_entropy", two_classes()).verdict, Verdict::fail);
  EXPECT_EQ(of(R"([{ dense = 3 }, "sigmoid"])", "categorical_cross_entropy").verdict, Verdict::warn);
  EXPECT_EQ(of(R"([{ dense = 3 }, "relu"])", "softmax_cross_entropy").verdict, Verdict::warn);
}

TEST(OutputAndLoss, fails_a_softmax_over_one_output_whatever_the_loss) {
  EXPECT_EQ(of(R"([{ dense = 1 }, "softmax"])", "mean_squared_error", small_values()).verdict, Verdict::fail);
  const CheckResult r = of(R"([{ dense = 1 }, "softmax"])", "binary_cross_entropy", two_classes());
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_EQ(text_of(r.changes), "network.layers.softmax_1 = \"sigmoid\"");
}

TEST(OutputAndLoss, fails_one_output_for_three_classes) {
  const CheckResult r = of(R"([{ dense = 1 }, "sigmoid"])", "binary_cross_entropy");
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_NE(r.message.find("there are 3"), std::string::npos);
}

TEST(OutputAndLoss, warns_of_more_outputs_than_classes) {
  const CheckResult r = of(R"([{ dense = 16 }, "relu", { dense = 5 }])", "softmax_cross_entropy");
  EXPECT_EQ(r.verdict, Verdict::warn);
  EXPECT_EQ(r.cause, "architecture");
  EXPECT_EQ(text_of(r.changes), "network.layers.dense_2.dense = 3");
  EXPECT_EQ(of(R"([{ dense = 5 }, "softmax"])", "categorical_cross_entropy").cause, "architecture");
  EXPECT_EQ(of("[{ dense = 5 }]", "multiclass_hinge").cause, "architecture");
  EXPECT_EQ(of("[{ dense = 3 }]", "softmax_cross_entropy", two_classes()).cause, "architecture");
  EXPECT_EQ(of("[{ dense = 2 }]", "softmax_cross_entropy", two_classes()).verdict, Verdict::pass);
}

TEST(OutputAndLoss, fails_an_output_that_cannot_reach_the_targets) {
  const CheckResult r = of(R"([{ dense = 1 }, "tanh"])", "mean_squared_error", small_values(300, 50));
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_DOUBLE_EQ(*r.value, 1);
  EXPECT_EQ(of(R"([{ dense = 1 }, "relu"])", "mean_squared_error", small_values()).verdict, Verdict::fail);
}

TEST(OutputAndLoss, warns_of_distances_between_classes) {
  EXPECT_EQ(of(R"([{ dense = 3 }, "softmax"])", "mean_absolute_error").cause, "loss-choice");
  EXPECT_EQ(of("[{ dense = 3 }]", "mean_squared_error").cause, "loss-choice");
}

TEST(OutputAndLoss, advises_the_loss_that_suits_the_task) {
  EXPECT_EQ(text_of(of("[{ dense = 3 }]", "categorical_cross_entropy").changes), "loss.name = \"softmax_cross_entropy\"");
  EXPECT_EQ(text_of(of("[{ dense = 1 }]", "mean_squared_error", two_classes()).changes), "loss.name = \"sigmoid_cross_entropy\"");
  EXPECT_EQ(text_of(of(R"([{ dense = 1 }, "sigmoid"])", "binary_cross_entropy").changes),
            "network.layers.dense_1.dense = 3; loss.name = \"softmax_cross_entropy\"; remove network.layers.sigmoid_1");
  Array x({60, 2}, ElementType::float32), y({60, 2}, ElementType::float64);
  for (std::int64_t i = 0; i < 120; ++i)
    x.as<float>()[i] = static_cast<float>(i % 7), y.as<double>()[i] = static_cast<double>(i % 3 == 0);
  EXPECT_EQ(text_of(of("[{ dense = 2 }]", "mean_squared_error", Dataset::multilabel(x, y)).changes),
            "loss.name = \"sigmoid_cross_entropy\"");
}

TEST(OutputAndLoss, labels_of_which_a_row_has_several_are_no_exclusive_classes) {
  Array x({60, 2}, ElementType::float32), y({60, 2}, ElementType::float64);
  for (std::int64_t i = 0; i < 120; ++i)
    x.as<float>()[i] = static_cast<float>(i % 7), y.as<double>()[i] = static_cast<double>(i % 3 == 0);
  const CheckResult r = of("[{ dense = 2 }]", "softmax_cross_entropy", Dataset::multilabel(x, y));
  EXPECT_EQ(r.cause, "loss-choice");
  EXPECT_EQ(text_of(r.changes), "loss.name = \"sigmoid_cross_entropy\"");
  for (std::int64_t i = 0; i < 120; ++i) y.as<double>()[i] = static_cast<double>(i % 2 == 0);
  EXPECT_EQ(of("[{ dense = 2 }]", "softmax_cross_entropy", Dataset::multilabel(x, y)).verdict, Verdict::pass);
}

TEST(OutputAndLoss, warns_of_a_summed_loss_with_a_large_rate) {
  const std::string sum = "reduction = \"sum\"\n[update]\noptimizer = { name = \"";
  const CheckResult r = of("[{ dense = 3 }]", "softmax_cross_entropy", small_classes(), sum + "sgd\", learning_rate = 0.1 }\n");
  EXPECT_EQ(r.cause, "loss-reduction");
  EXPECT_DOUBLE_EQ(*r.value, 3.2);
  EXPECT_EQ(of("[{ dense = 3 }]", "softmax_cross_entropy", small_classes(), sum + "sgd\", learning_rate = 0.001 }\n").verdict,
            Verdict::pass);
  EXPECT_EQ(of("[{ dense = 3 }]", "softmax_cross_entropy", small_classes(), sum + "adam\", learning_rate = 0.1 }\n").verdict,
            Verdict::pass);
}

TEST(OutputAndLoss, names_a_loss_of_classes_for_numbers) {
  for (const char* loss : {"softmax_cross_entropy", "sigmoid_cross_entropy", "multiclass_hinge", "squared_hinge"}) {
    const CheckResult r =
        checked(OutputAndLoss{}, "[{ dense = 1 }]", small_values(), "[loss]\nname = \"" + std::string(loss) + "\"\n").at(0);
    EXPECT_EQ(r.verdict, Verdict::fail) << loss;
    EXPECT_EQ(r.cause, "loss-choice");
    EXPECT_EQ(text_of(r.changes), "loss.name = \"mean_squared_error\"");
  }
  Dataset shares = small_values();
  for (std::int64_t r = 0; r < shares.rows(); ++r) shares.y.as<double>()[r] = 1 / (1 + std::exp(-shares.y.as<double>()[r]));
  EXPECT_EQ(checked(OutputAndLoss{}, "[{ dense = 1 }]", shares, "[loss]\nname = \"sigmoid_cross_entropy\"\n").at(0).verdict,
            Verdict::pass);
}

}  // namespace tend::output_and_loss_test
