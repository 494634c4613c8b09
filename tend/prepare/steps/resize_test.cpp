#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::resize_test {
namespace {

using namespace test;
const double nan = std::nan("");
using Floats = std::vector<float>;

TEST(Resize, halving_weighs_neighbours_as_a_triangle) {
  // two of four pixels wide: radius 2, weights (.375 .375 .1875 .0625 -> normalized) as Pillow's BILINEAR
  const Fitted f = fit("[{resize = [1, 2]}]", images({1, 1, 4, 1}, {0, 0, 200, 200}));
  EXPECT_EQ(f.pipeline.row_shape(), (Shape{1, 2, 1}));
  // centre 1: weights of 0.5 1.5 2.5: .75 .75 .25 over 1.75
  EXPECT_EQ(f.train(), (Floats{29, 171}));
}
TEST(Resize, bytes_agree_with_pillow_within_one) {
  std::vector<int> pixels;
  for (int i = 0; i < 90; ++i) pixels.push_back(i * 37 % 256);
  const std::vector<int> pillow{64,  101, 138, 128, 76,  113, 156, 138, 84,  124, 149, 125, 99,  130, 129, 119, 107, 132,
                                150, 126, 151, 143, 129, 128, 133, 133, 109, 137, 174, 120, 129, 145, 182, 124, 120, 157};
  const Floats x = fit("[{resize = [4, 3]}]", images({1, 6, 5, 3}, pixels)).train();
  ASSERT_EQ(x.size(), pillow.size());
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(x[i], pillow[i], 1) << i;
}
TEST(Resize, new_images_of_any_size_fit) {
  const Fitted f = fit("[{resize = 2}, {scale = 0.5}]", images({1, 2, 2, 1}, {2, 4, 6, 8}));
  EXPECT_EQ(f.train(), (Floats{1, 2, 3, 4}));
  EXPECT_EQ(applied(f.pipeline, images({1, 4, 4, 1}, std::vector<int>(16, 6))), (Floats{3, 3, 3, 3}));
}
TEST(Resize, sizes_and_tables_that_make_no_sense_are_refused) {
  EXPECT_NE(refusal([] { fit("[{resize = [0, 2]}]", images({1, 2, 2, 1}, {})); }).find("prepare.resize"), std::string::npos);
  EXPECT_NE(refusal([] { fit("['resize']", images({1, 2, 2, 1}, {})); }).find("prepare.resize"), std::string::npos);
  EXPECT_NE(refusal([] { fit("[{resize = 2}]", table({{1, 2}})); }).find("wanted images"), std::string::npos);
}
TEST(Resize, readers_are_told_the_size) {
  DataSettings settings;
  ask_for_size(steps("['standardize', {resize = [3, 5]}]"), settings);
  EXPECT_EQ(settings.height, 3);
  EXPECT_EQ(settings.width, 5);
}

}  // namespace
}  // namespace tend::resize_test
