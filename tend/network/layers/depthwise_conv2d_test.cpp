#include "tend/network/layers/depthwise_conv2d.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::depthwise_conv2d_test {
namespace {

TEST(DepthwiseConv2d, agrees_with_pytorch) {
  DepthwiseConv2d layer;
  layer.multiplier = 2, layer.kernel = 2;
  const auto run = run_layer(layer, {{3, 3, 2}}, {{-3, -2, -1, 0, 1, 2, 3, -3, -2, -1, 0, 1, 2, 3, -3, -2, -1, 0}},
                             {{"weights", {-2, -1, 0, 1, 2, -2, -1, 0, 1, 2, -2, -1, 0, 1, 2, -2}}, {"bias", {0.5, -1, 2, 0}}},
                             {-1, 0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1, -1}, 1);
  EXPECT_EQ(run.output, (std::vector<double>{7.5, 8, 6, 3, 2.5, -6, 4, -1, -7.5, 1, -7, -2, 1.5, -6, 5, 1}));
  EXPECT_EQ(run.input_gradients[0], (std::vector<double>{2, -1, -3, -1, -2, 1, -2, 0, 8, 5, -1, -3, -1, -1, -2, -3, 0, 4}));
  EXPECT_EQ(run.gradients.at("weights"), (std::vector<double>{8, -4, -3, 0, -1, 3, -1, -2, 2, -4, -4, 8, 0, 3, -2, -1}));
  EXPECT_EQ(run.gradients.at("bias"), (std::vector<double>{-1, 0, 1, -1}));
}

TEST(DepthwiseConv2d, draws_its_weights_for_windows_of_one_channel) {
  DepthwiseConv2d layer;
  layer.multiplier = 3;
  const ParameterSpec weights = layer.layout({{8, 8, 16}}).parameters[0];
  EXPECT_EQ(weights.shape, (Shape{3, 3, 48}));
  EXPECT_EQ(weights.fan_in, 9);
}

}  // namespace
}  // namespace tend::depthwise_conv2d_test
