#include "tend/network/layers/gru.h"

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::gru_test {
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

// The numbers come from torch.nn.GRU.
LayerNumbers run(bool last) {
  Gru layer;
  layer.units = 2;
  layer.last = last;
  return run_layer(layer, {{3, 2}}, {numbers(12, 5)},
                   {{"weights", numbers(12, 1)},
                    {"recurrent_weights", numbers(12, 2)},
                    {"bias", numbers(6, 3)},
                    {"recurrent_bias", numbers(6, 4)}},
                   numbers(last ? 4 : 12, 6));
}

TEST(Gru, is_pytorchs_over_all_places) {
  const auto whole = run(false);
  expect_near(whole.output,
              {-0.0825097634121, 0.0632634383771, 0.079567245032, 0.060012089128, -0.192659626324, 0.118048640206,
               -0.0294517534232, 0.061230854055, -0.0411437177167, 0.156524450579, -0.206020275067, 0.168320065051});
  expect_near(whole.input_gradients[0],
              {0.0600262752419, 0.0405914499821, 0.0138320026595, 0.0379175816226, 0.168537013032, 0.0561589210971,
               -0.0177645406983, 0.0290355555253, -0.0433292020417, -0.00176376866981, 0.129319082991, 0.0440505649776});
  expect_near(whole.gradients.at("weights"),
              {0.0162089236447, -0.0219919580404, -0.0574777747587, 0.0220621973714, -0.246977593041, -0.193459403883,
               0.00172713446824, -0.0077665709236, -0.0268410176713, -0.00977205869584, -0.0290694816412, -0.0766734040492});
  expect_near(whole.gradients.at("recurrent_weights"),
              {-0.000507968380756, 0.00206755439136, 0.00508855294139, -0.00194424500998, 0.00695100055648, 0.0127872278742,
               -0.00364810267012, 0.000908613652637, 0.0104347439261, 0.00056333273608, 0.0274266329867, 0.00019251724707});
  expect_near(whole.gradients.at("bias"),
              {-0.0414335667176, -0.0260683679887, 0.119535218108, 0.0331754165437, 0.628107696876, -0.294795090224});
  expect_near(whole.gradients.at("recurrent_bias"),
              {-0.0414335667176, -0.0260683679887, 0.119535218108, 0.0331754165437, 0.328581035559, -0.223577133359});
}

TEST(Gru, gives_the_last_place_alone) {
  const auto last = run(true);
  expect_near(last.output, {-0.192659626324, 0.118048640206, -0.206020275067, 0.168320065051});
  expect_near(last.input_gradients[0],
              {0.0171053611377, 0.00948082858019, 0.0279340018101, 0.0172302098563, 0.0614157344152, 0.0274103773958,
               -0.0547541083679, -0.0095793231713, -0.0639670096782, -0.0189872841547, -0.0752072243386, 0.00197216097264});
  expect_near(last.gradients.at("recurrent_weights"),
              {-0.000757175216899, 0.00115867615072, 0.0040468052836, -0.000781760008941, 0.00709471242568, 0.00602280477258,
               0.00106806839945, -0.00383560940701, -0.00186315170935, 0.00189833718484, -0.00725766807678, -0.0193762824496});
  Gru layer;
  layer.last = true;
  EXPECT_EQ(layer.layout({{5, 3}}).output, Shape{1});
}

TEST(Gru, wants_places_of_features) { EXPECT_THROW(Gru{}.layout({{4}}), Error); }

}  // namespace
}  // namespace tend::gru_test
