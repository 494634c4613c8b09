#include "tend/network/layers/positions.h"

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::positions_test {
namespace {

TEST(Positions, adds_a_vector_to_each_place_of_every_row) {
  const auto run = run_layer(Positions{}, {{2, 1}}, {{1, 2, 3, 4}}, {{"weights", {10, 20}}}, {1, 2, 3, 5});
  EXPECT_EQ(run.output, (std::vector<double>{11, 22, 13, 24}));
  EXPECT_EQ(run.input_gradients[0], (std::vector<double>{1, 2, 3, 5}));
  EXPECT_EQ(run.gradients.at("weights"), (std::vector<double>{4, 7}));
}

TEST(Positions, wants_places_of_features) { EXPECT_THROW(Positions{}.layout({{3}}), Error); }

}  // namespace
}  // namespace tend::positions_test
