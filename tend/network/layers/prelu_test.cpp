#include "tend/network/layers/prelu.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::prelu_test {
namespace {

TEST(Prelu, has_a_slope_for_each_channel) {
  const auto run = run_layer(Prelu{}, {{2}}, {{-2, -4, 3, 0}}, {{"slopes", {0.25, 0.5}}}, {1, 10, 100, 1000});
  EXPECT_EQ(run.output, (std::vector<double>{-0.5, -2, 3, 0}));
  EXPECT_EQ(run.input_gradients[0], (std::vector<double>{0.25, 5, 100, 500}));  // at 0 the slope is a
  EXPECT_EQ(run.gradients.at("slopes"), (std::vector<double>{-2, -40}));
}

TEST(Prelu, shares_one_slope_where_told) {
  const auto run = run_layer(Prelu{.shared = true}, {{2}}, {{-2, -4, 3, 0}}, {{"slopes", {0.5}}}, {1, 10, 100, 1000});
  EXPECT_EQ(run.output, (std::vector<double>{-1, -2, 3, 0}));
  EXPECT_EQ(run.gradients.at("slopes"), (std::vector<double>{-42}));
}

TEST(Prelu, starts_at_the_slope_given) {
  const ParameterSpec slopes = Prelu{.slope = 0.1}.layout({{4, 4, 3}}).parameters[0];
  EXPECT_EQ(slopes.shape, Shape{3});
  EXPECT_EQ(to_inline_toml(slopes.initializer), "{ constant = 0.1 }");
}

}  // namespace
}  // namespace tend::prelu_test
