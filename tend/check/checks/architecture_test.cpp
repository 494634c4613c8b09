#include "tend/check/checks/architecture.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::architecture_test {
namespace {

CheckResult of(const std::string& layers, const Dataset& data = small_classes()) {
  return checked(Architecture{}, layers, data).at(0);
}

}  // namespace

TEST(Architecture, names_two_linear_layers_in_a_row) {
  const CheckResult r = of(R"([{ dense = 16 }, { dropout = 0.2 }, { dense = 16 }, "relu", { dense = 3 }])");
  EXPECT_EQ(r.verdict, Verdict::warn);
  EXPECT_EQ(r.cause, "activation-hidden");
  EXPECT_EQ(r.layer, "dense_1");
  EXPECT_EQ(of(R"([{ dense = 16 }, "linear", { dense = 3 }])").cause, "activation-hidden");
}

TEST(Architecture, accepts_a_narrow_middle_as_a_factorization) {
  EXPECT_EQ(of(R"([{ dense = 8 }, "relu", { dense = 2 }, { dense = 8 }, "relu", { dense = 3 }])").verdict, Verdict::pass);
}

TEST(Architecture, accepts_activations_and_max_pooling_as_nonlinear) {
  EXPECT_EQ(of(R"([{ dense = 16 }, "tanh", { dense = 3 }])").verdict, Verdict::pass);
  EXPECT_EQ(of(R"([{ conv2d = 4, kernel = 3 }, { max_pool2d = 2 }, "flatten", { dense = 3 }])", small_images()).verdict,
            Verdict::pass);
}

TEST(Architecture, names_a_single_output_before_three_classes) {
  const CheckResult r = of(R"([{ dense = 1 }, "relu", { dense = 3 }])");
  EXPECT_EQ(r.cause, "capacity");
  EXPECT_EQ(r.layer, "dense_1");
}

TEST(Architecture, names_a_layer_that_pools_the_whole_image) {
  const CheckResult r = of(R"(["global_average_pool", { dense = 8 }, "relu", { dense = 3 }])", small_images());
  EXPECT_EQ(r.cause, "architecture");
  EXPECT_DOUBLE_EQ(*r.expected, 64);
}

TEST(Architecture, fails_running_statistics_that_never_change) {
  const CheckResult r = of(R"([{ dense = 8 }, { batch_norm = true, momentum = 1.0 }, "relu", { dense = 3 }])");
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_EQ(text_of(r.changes), "network.layers.batch_norm_1.momentum = 0.9");
}

TEST(Architecture, mentions_a_bias_without_effect_without_an_alarm) {
  const CheckResult r = of(R"([{ dense = 8 }, "batch_norm", "relu", { dense = 3 }])");
  EXPECT_EQ(r.verdict, Verdict::pass);
  EXPECT_NE(r.message.find("bias of dense_1"), std::string::npos);
}

TEST(Architecture, names_batches_of_one_row_before_a_layer_that_normalizes_over_rows) {
  const auto with = [](const std::string& batch) {
    return checked(Architecture{}, R"([{ dense = 8 }, "batch_norm", "relu", { dense = 3 }])", small_classes(),
                   "[train]\nbatch_size = " + batch + "\n");
  };
  const CheckResult r = with("1").at(0);
  EXPECT_EQ(r.cause, "batch-size");
  EXPECT_EQ(r.layer, "batch_norm_1");
  EXPECT_EQ(text_of(r.changes), "train.batch_size = 32");
  EXPECT_EQ(with("16").at(0).verdict, Verdict::pass);
}

}  // namespace tend::architecture_test
