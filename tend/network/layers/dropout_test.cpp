#include "tend/network/layers/dropout.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::dropout_test {
namespace {

TEST(Dropout, keeps_the_mean_and_repeats_its_mask_backwards) {
  const std::vector<double> ones(4000, 1.0);
  const auto run = run_layer(Dropout{.rate = 0.25}, {{1000}}, {ones}, {}, ones, 4);
  double kept = 0;
  for (std::size_t i = 0; i < ones.size(); ++i) {
    EXPECT_TRUE(run.output[i] == 0 || std::abs(run.output[i] - 4.0 / 3) < 1e-12);
    EXPECT_EQ(run.input_gradients[0][i], run.output[i]);
    kept += run.output[i] != 0;
  }
  EXPECT_NEAR(kept / 4000, 0.75, 0.03);
}

TEST(Dropout, of_everything_is_zero_and_never_nan) {
  const auto run = run_layer(Dropout{.rate = 1}, {{4}}, {{1, -2, 3, std::numeric_limits<double>::infinity()}}, {}, {1, 1, 1, 1},
                             1);
  EXPECT_EQ(run.output, (std::vector<double>{0, 0, 0, 0}));
}

}  // namespace
}  // namespace tend::dropout_test
