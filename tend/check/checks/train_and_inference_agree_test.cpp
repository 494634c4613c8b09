#include "tend/check/checks/train_and_inference_agree.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::train_and_inference_agree_test {

namespace {

CheckResult with_norm(const std::string& norm) {
  return checked(TrainAndInferenceAgree{}, "[{ dense = 16 }, " + norm + ", \"relu\", { dropout = 0.5 }, { dense = 3 }]",
                 small_classes())
      .at(0);
}

}  // namespace

TEST(TrainAndInferenceAgree, finds_the_same_loss_without_dropout) {
  const CheckResult r = checked(TrainAndInferenceAgree{},
                                R"([{ dense = 16, l2 = 0.1 }, "relu", { dropout = 0.5 }, { dense = 3 }])", small_classes(),
                                "[loss]\nname = \"softmax_cross_entropy\"\nlabel_smoothing = 0.1\nclass_weights = \"balanced\"\n")
                            .at(0);
  EXPECT_EQ(r.verdict, Verdict::pass) << r.message;
  EXPECT_NEAR(*r.value, *r.expected, 1e-5);
  EXPECT_EQ(with_norm("\"layer_norm\"").verdict, Verdict::pass);
}

TEST(TrainAndInferenceAgree, waits_until_running_statistics_have_converged) {
  const CheckResult r = with_norm("\"batch_norm\"");
  EXPECT_EQ(r.verdict, Verdict::pass) << r.message;
  EXPECT_NEAR(*r.value, *r.expected, 0.05 * *r.expected);  // only inference uses unbiased variances
}

TEST(TrainAndInferenceAgree, fails_where_running_statistics_never_change) {
  const CheckResult r = with_norm("{ batch_norm = true, momentum = 1.0 }");
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_EQ(r.cause, "architecture");
  EXPECT_EQ(text_of(r.changes), "network.layers.batch_norm_1.momentum = 0.9");
  EXPECT_EQ(r.layer, "batch_norm_1");
}

TEST(TrainAndInferenceAgree, warns_where_they_change_too_slowly_for_the_run) {
  const CheckResult r = with_norm("{ batch_norm = true, momentum = 0.9999 }");  // 10 epochs of 8 steps
  EXPECT_EQ(r.verdict, Verdict::warn) << r.message;
  EXPECT_NEAR(*r.value, std::pow(0.9999, 80), 0.01);
}

}  // namespace tend::train_and_inference_agree_test
