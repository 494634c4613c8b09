#include "tend/network/layers/log_softmax.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::log_softmax_test {
namespace {

TEST(LogSoftmax, is_the_logarithm_of_softmax) {
  const auto run = run_layer(LogSoftmax{}, {{2}}, {{0, std::log(3.0), 0, -1000}}, {}, {1, 0, 1, 0}, 2);
  EXPECT_NEAR(run.output[0], std::log(0.25), 1e-12);
  EXPECT_NEAR(run.output[1], std::log(0.75), 1e-12);
  EXPECT_NEAR(run.output[3], -1000, 1e-9);
  EXPECT_NEAR(run.input_gradients[0][0], 0.75, 1e-12);
  EXPECT_NEAR(run.input_gradients[0][1], -0.75, 1e-12);
}

}  // namespace
}  // namespace tend::log_softmax_test
