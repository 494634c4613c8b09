#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::flip_horizontal_test {
namespace {

using namespace test;
const double nan = std::nan("");
using Floats = std::vector<float>;

TEST(FlipHorizontal, mirrors_about_half_of_the_images_the_same_way_each_time) {
  const Fitted f = fit("['flip_horizontal']", images({1, 2, 3, 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
  ASSERT_TRUE(f.pipeline.augments());
  const Floats whole = f.train(), mirrored{5, 6, 3, 4, 1, 2, 11, 12, 9, 10, 7, 8};
  int flips = 0;
  for (int i = 0; i < 1000; ++i) {
    Floats row = whole, again = whole;
    f.pipeline.augment(row.data(), 7, 3, i);
    f.pipeline.augment(again.data(), 7, 3, i);
    EXPECT_EQ(row, again);
    ASSERT_TRUE(row == whole || row == mirrored);
    flips += row == mirrored;
  }
  EXPECT_NEAR(flips, 500, 80);
}
TEST(FlipHorizontal, needs_images) {
  EXPECT_NE(refusal([] { fit("['flip_horizontal']", table({{1, 2}})); }).find("prepare.flip_horizontal"), std::string::npos);
}

}  // namespace
}  // namespace tend::flip_horizontal_test
