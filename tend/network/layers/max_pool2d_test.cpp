#include "tend/network/layers/max_pool2d.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::max_pool2d_test {
namespace {

TEST(MaxPool2d, takes_the_largest_and_sends_its_gradient_there) {
  const auto run = run_layer(MaxPool2d{}, {{2, 4, 1}}, {{1, 5, 2, 2, 3, 4, 2, 0}}, {}, {10, 20}, 1);
  EXPECT_EQ(run.output, (std::vector<double>{5, 2}));
  EXPECT_EQ(run.input_gradients[0], (std::vector<double>{0, 10, 20, 0, 0, 0, 0, 0}));
}

TEST(MaxPool2d, of_a_window_with_nan_is_nan) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto run = run_layer(MaxPool2d{}, {{2, 2, 1}}, {{1, nan, 9, 2}}, {}, {1}, 1);
  EXPECT_TRUE(std::isnan(run.output[0]));
  EXPECT_EQ(run.input_gradients[0], (std::vector<double>{0, 1, 0, 0}));
}

}  // namespace
}  // namespace tend::max_pool2d_test
