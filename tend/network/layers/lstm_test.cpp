#include "tend/network/layers/lstm.h"

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::lstm_test {
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

// The numbers come from torch.nn.LSTM; the bias of its products with h is 0.
LayerNumbers run(bool last) {
  Lstm layer;
  layer.units = 2;
  layer.last = last;
  return run_layer(layer, {{3, 2}}, {numbers(12, 5)},
                   {{"weights", numbers(16, 1)}, {"recurrent_weights", numbers(16, 2)}, {"bias", numbers(8, 3)}},
                   numbers(last ? 4 : 12, 6));
}

TEST(Lstm, is_pytorchs_over_all_places) {
  const auto whole = run(false);
  expect_near(whole.output,
              {0.00432048162837, -0.0248027993249, 0.0995444908284, -0.023452518627, -0.0456347290653, -0.0244595131977,
               0.0394341252155, -0.0226720282582, -0.0151360676531, -0.0566172057404, -0.10098404098, -0.0546985093803});
  expect_near(whole.input_gradients[0],
              {0.0507019033321, 0.0589864261901, 0.0280871398345, 0.0223849855914, 0.103806031521, 0.135363853418,
               0.00767226030959, -0.00136924823433, 0.00915255557013, -0.00894677971993, 0.0831270195829, 0.103087021016});
  expect_near(whole.gradients.at("weights"),
              {0.0245754704354, 0.00509192865452, -0.0111818266696, 0.00387580344118, -0.137637359069, -0.144721669316,
               0.0133876032548, 0.0187216458356, 0.0178167025097, -0.00061403345956, -0.00563174184382, 0.000954569089749,
               -0.0172505893491, -0.0242789416916, -0.00172819201004, -0.00691037552176});
  expect_near(whole.gradients.at("recurrent_weights"),
              {-0.00236997782711, -4.54134237183e-06, 0.00243796367673, 7.46640029347e-06, 0.0161224255982, 0.00114801137073,
               -0.000941174569825, 0.00035726291521, 0.00118040018777, 5.88431015525e-05, -0.000455633095773, 0.000105495268595,
               -0.0134379493883, 0.000623515082777, 0.00197800793078, 4.72999495621e-05});
  expect_near(whole.gradients.at("bias"), {-0.0272604675283, 0.00502502890046, 0.0223595833163, -6.65519702953e-06,
                                           0.485565379646, -0.179065082935, -0.0461558834849, 0.0104882000714});
}

TEST(Lstm, gives_the_last_place_alone) {
  const auto last = run(true);
  expect_near(last.output, {-0.0456347290653, -0.0244595131977, -0.10098404098, -0.0546985093803});
  expect_near(last.input_gradients[0],
              {0.0151011106018, 0.0202782110941, 0.0123289967052, 0.0185259123514, 0.0428606025597, 0.0510859187894,
               -0.0209143724943, -0.031740381351, -0.0303090975824, -0.049688324314, -0.0359939125662, -0.0575961730796});
  expect_near(last.gradients.at("recurrent_weights"),
              {-0.00101762047274, 3.48519895299e-05, 0.000852947590431, -5.09249145755e-05, 0.00604156280355, -0.00120946758121,
               -0.000711106147953, -0.000290239388072, -0.000494321299543, -0.000356138025556, -0.000235764411305,
               -0.000386953478758, 0.00290221470152, 0.00678015299847, -0.000624429523671, -0.000975713108419});
  Lstm layer;
  layer.last = true;
  EXPECT_EQ(layer.layout({{5, 3}}).output, Shape{1});
}

TEST(Lstm, wants_places_of_features) { EXPECT_THROW(Lstm{}.layout({{4}}), Error); }

}  // namespace
}  // namespace tend::lstm_test
