#include "tend/network/layers/average_pool2d.h"

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::average_pool2d_test {
namespace {

TEST(AveragePool2d, takes_the_mean_and_shares_its_gradient) {
  const auto run = run_layer(AveragePool2d{}, {{2, 2, 2}}, {{1, 10, 2, 20, 3, 30, 6, 40}}, {}, {4, 8}, 1);
  EXPECT_EQ(run.output, (std::vector<double>{3, 25}));
  EXPECT_EQ(run.input_gradients[0], (std::vector<double>{1, 2, 1, 2, 1, 2, 1, 2}));
}

TEST(AveragePool2d, counts_padded_zeros) {
  AveragePool2d padded;
  padded.padding = 1;
  const auto run = run_layer(padded, {{2, 2, 1}}, {{4, 8, 12, 16}}, {}, {1, 1, 1, 1}, 1);
  EXPECT_EQ(run.output, (std::vector<double>{1, 2, 3, 4}));
}

}  // namespace
}  // namespace tend::average_pool2d_test
