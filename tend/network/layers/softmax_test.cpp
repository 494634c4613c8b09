#include "tend/network/layers/softmax.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::softmax_test {
namespace {

TEST(Softmax, gives_shares_that_sum_to_one) {
  const auto run = run_layer(Softmax{}, {{2}}, {{0, std::log(3.0), 1000, 1000}}, {}, {1, 0, 1, 0}, 2);
  EXPECT_NEAR(run.output[0], 0.25, 1e-12);
  EXPECT_NEAR(run.output[1], 0.75, 1e-12);
  EXPECT_NEAR(run.output[2], 0.5, 1e-12);
  EXPECT_NEAR(run.input_gradients[0][0], 0.1875, 1e-12);
  EXPECT_NEAR(run.input_gradients[0][1], -0.1875, 1e-12);
}

}  // namespace
}  // namespace tend::softmax_test
