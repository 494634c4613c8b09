#include "tend/network/layers/conv1d.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::conv1d_test {
namespace {

TEST(Conv1d, agrees_with_pytorch) {
  Conv1d layer;
  layer.filters = 2, layer.stride = 2, layer.padding = 1;
  const auto run = run_layer(layer, {{5, 2}}, {{1, 2, 3, -1, 0, 4, 2, 2, -3, 1}},
                             {{"weights", {-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6}}, {"bias", {0.5, -1}}}, {1, -1, 2, 0, 0.5, 3},
                             1);
  EXPECT_EQ(run.output, (std::vector<double>{5.5, 9, 8.5, 17, -11.5, -11}));
  EXPECT_EQ(run.input_gradients[0], (std::vector<double>{-1, -1, -11, -7, -2, 2, -8.5, 2.5, -0.5, 6.5}));
  EXPECT_EQ(run.gradients.at("weights"), (std::vector<double>{7, 6, -1, 6, -0.5, -10, 10.5, 1, 7, -3, 3, 1}));
  EXPECT_EQ(run.gradients.at("bias"), (std::vector<double>{3.5, 2}));
}

TEST(Conv1d, keeps_the_length_with_padding_same) {
  Conv1d layer;
  layer.filters = 4, layer.kernel = 5, layer.padding = "same";
  EXPECT_EQ(layer.layout({{9, 3}}).output, (Shape{9, 4}));
  EXPECT_THROW(layer.layout({{9}}), Error);
}

}  // namespace
}  // namespace tend::conv1d_test
