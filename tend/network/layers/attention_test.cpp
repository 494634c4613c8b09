#include "tend/network/layers/attention.h"

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::attention_test {
namespace {

/// n numbers between -5/8 and 5/8, with a pattern for each k.
std::vector<double> numbers(std::int64_t n, std::int64_t k) {
  std::vector<double> all;
  for (std::int64_t i = 0; i < n; ++i) all.push_back(static_cast<double>((7 * k * i + 3 * k) % 11 - 5) / 8);
  return all;
}

void expect_near(const std::vector<double>& got, const std::vector<double>& wanted) {
  ASSERT_EQ(got.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(got[i], wanted[i], 1e-10) << "place " << i;
}

// The numbers come from PyTorch's scaled_dot_product_attention between two linear layers.
LayerNumbers run(bool is_causal) {
  Attention layer;
  layer.heads = 2;
  layer.causal = is_causal;
  return run_layer(
      layer, {{3, 4}}, {numbers(12, 1)},
      {{"weights", numbers(48, 2)}, {"bias", numbers(12, 3)}, {"output_weights", numbers(16, 5)}, {"output_bias", numbers(4, 4)}},
      numbers(12, 6), 1);
}

TEST(Attention, is_pytorchs_over_what_lies_before) {
  const auto causal = run(true);
  expect_near(causal.output, {0.634765625, -0.03125, -0.67578125, -0.998046875, 0.336136619071, 0.33239995535, -0.283018785259,
                              -0.576171900868, 0.30539530476, 0.155632908552, -0.450203269719, -0.421164337991});
  expect_near(causal.input_gradients[0],
              {-0.00493854647045, 0.490629220439, 0.0697037563316, -0.384730637971, 0.109834194279, 0.0520153381789,
               -0.0964359248877, -0.0718969515606, -0.02411708088, -0.148493499788, 0.00875790246437, 0.104672802194});
  expect_near(causal.gradients.at("bias"),
              {-0.026461727467, 0.0240284966619, 0.00949200892733, -0.00516931195888, -1.47451495458e-17, 0, 3.03576608296e-18,
               -1.73472347598e-18, -0.1875, -0.28125, 0.3125, 0.390625});
  expect_near(causal.gradients.at("output_weights"),
              {-0.401878891765, 0.0899889268173, -0.00850384230055, 0.483363976282, -0.440767275691, 0.135300557524,
               -0.251921109988, 0.324146723227, 0.350252701068, -0.209516120032, 0.149641276806, -0.410127544294, 0.468069632272,
               -0.0493110295461, 0.173433198637, -0.343947463182});
  expect_near(causal.gradients.at("output_bias"), {0.5, -0.25, 0.375, -0.375});
}

TEST(Attention, is_pytorchs_over_all_places) {
  const auto whole = run(false);
  expect_near(whole.output, {0.319339047995, 0.178288430386, -0.46202866523, -0.502493120652, 0.308396171732, 0.158351987556,
                             -0.462220202238, -0.405036416318, 0.30539530476, 0.155632908552, -0.450203269719, -0.421164337991});
  expect_near(whole.input_gradients[0],
              {-0.0285734481925, 0.257526900304, -0.0154297629608, -0.150793954343, 0.0602814032029, 0.136037120502,
               0.0157171651572, -0.148908422024, 0.0172575115435, 0.0520606197314, -0.0135976885455, -0.0709593987642});
  expect_near(whole.gradients.at("output_weights"),
              {-0.235139079587, 0.110870597782, -0.13348031255, 0.212529364819, -0.37359863521, 0.165144061721, -0.259402742075,
               0.279339954856, 0.319731669281, -0.17101955514, 0.257155438377, -0.233595786044, 0.256012742822, -0.146262943377,
               0.191586260425, -0.210689425774});
}

TEST(Attention, wants_heads_that_divide_the_features) {
  Attention layer;
  layer.heads = 3;
  EXPECT_THROW(layer.layout({{5, 4}}), Error);
  EXPECT_THROW(layer.layout({{6}}), Error);
}

}  // namespace
}  // namespace tend::attention_test
