#include "tend/network/layers/concat.h"

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::concat_test {
namespace {

TEST(Concat, lays_inputs_side_by_side_and_deals_gradients_back) {
  const auto run = run_layer(Concat{}, {{2}, {1}}, {{1, 2, 3, 4}, {8, 9}}, {}, {1, 2, 3, 4, 5, 6}, 2);
  EXPECT_EQ(run.output, (std::vector<double>{1, 2, 8, 3, 4, 9}));
  EXPECT_EQ(run.input_gradients[0], (std::vector<double>{1, 2, 4, 5}));
  EXPECT_EQ(run.input_gradients[1], (std::vector<double>{3, 6}));
}

TEST(Concat, wants_shapes_that_differ_in_the_last_axis_only) { EXPECT_THROW(Concat{}.layout({{2, 2, 1}, {3, 2, 1}}), Error); }

}  // namespace
}  // namespace tend::concat_test
