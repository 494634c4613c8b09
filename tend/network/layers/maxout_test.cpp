#include "tend/network/layers/maxout.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::maxout_test {
namespace {

TEST(Maxout, takes_the_largest_piece_and_gives_it_the_gradient) {
  Maxout layer;
  layer.units = 2;
  // One feature; pieces of unit 0: x and -x, of unit 1: 2 x + 1 and 5.
  const auto run = run_layer(layer, {{1}}, {{3, -1}}, {{"weights", {1, -1, 2, 0}}, {"bias", {0, 0, 1, 5}}}, {1, 10, 100, 1000});
  EXPECT_EQ(run.output, (std::vector<double>{3, 7, 1, 5}));
  EXPECT_EQ(run.input_gradients[0], (std::vector<double>{1 + 20, -100}));
  EXPECT_EQ(run.gradients.at("weights"), (std::vector<double>{3, -100, 30, -1000}));
  EXPECT_EQ(run.gradients.at("bias"), (std::vector<double>{1, 100, 10, 1000}));
}

TEST(Maxout, has_weights_for_all_pieces_side_by_side) {
  Maxout layer;
  layer.units = 4, layer.pieces = 3;
  const Layout layout = layer.layout({{7}});
  EXPECT_EQ(layout.output, Shape{4});
  EXPECT_EQ(layout.parameters[0].shape, (Shape{7, 12}));
}

}  // namespace
}  // namespace tend::maxout_test
