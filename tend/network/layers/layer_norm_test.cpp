#include "tend/network/layers/layer_norm.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::layer_norm_test {
namespace {

void expect_near(const std::vector<double>& got, const std::vector<double>& wanted, double tolerance = 2e-8) {
  ASSERT_EQ(got.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(got[i], wanted[i], tolerance) << i;
}

TEST(LayerNorm, agrees_with_pytorch) {
  const auto run = run_layer(LayerNorm{}, {{4}}, {{1, 2, 4, -1, 0, 3, -2, 5}},
                             {{"gamma", {1, 2, -1, 0.5}}, {"beta", {0, 1, 2, 3}}}, {1, 0, 2, -1, 0.5, 1, -1, 2});
  expect_near(run.output, {-0.277349671, 1.55469934, 0.613251643, 2.30662582, -0.55708563, 2.11417126, 3.29986647, 3.64993324});
  expect_near(run.input_gradients[0],
              {0.672039867, 0.298683983, -0.448027787, -0.522696063, -0.188896911, 0.281744516, 0.0544277673, -0.147275372});
  expect_near(run.gradients.at("gamma"), {-0.555892487, 0.55708563, 4.07336318, 3.9864813});
  expect_near(run.gradients.at("beta"), {1.5, 1, 1, 1});
}

TEST(LayerNorm, takes_a_whole_row_together_or_its_last_axis_alone) {
  const std::vector<double> x{1, 3, 10, 30};
  LayerNorm whole, last;
  whole.epsilon = last.epsilon = 1e-12;
  last.over = "last";
  EXPECT_EQ(whole.layout({{2, 2}}).parameters[0].shape, (Shape{2, 2}));
  EXPECT_EQ(last.layout({{2, 2}}).parameters[0].shape, Shape{2});
  const auto by_place = run_layer(last, {{2, 2}}, {x}, {{"gamma", {1, 1}}, {"beta", {0, 0}}}, {0, 0, 0, 0}, 1);
  expect_near(by_place.output, {-1, 1, -1, 1});
  const auto together = run_layer(whole, {{2, 2}}, {x}, {{"gamma", {1, 1, 1, 1}}, {"beta", {0, 0, 0, 0}}}, {0, 0, 0, 0}, 1);
  const double deviation = std::sqrt((100 + 64 + 1 + 361) / 4.0);  // about the mean, 11
  expect_near(together.output, {-10 / deviation, -8 / deviation, -1 / deviation, 19 / deviation});
}

}  // namespace
}  // namespace tend::layer_norm_test
