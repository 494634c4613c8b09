#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::rgb_test {
namespace {

using namespace test;
const double nan = std::nan("");
using Floats = std::vector<float>;

TEST(Rgb, grey_becomes_three_equal_channels_and_colour_stays) {
  const Fitted f = fit("['rgb', {scale = 2}]", images({1, 1, 2, 1}, {3, 4}));
  EXPECT_EQ(f.train(), (Floats{6, 6, 6, 8, 8, 8}));
  EXPECT_EQ(f.pipeline.row_shape(), (Shape{1, 2, 3}));
  EXPECT_EQ(fit("['rgb']", images({1, 1, 1, 3}, {1, 2, 3})).train(), (Floats{1, 2, 3}));
  EXPECT_NE(refusal([] { fit("['rgb']", table({{1}})); }).find("wanted images"), std::string::npos);
}

}  // namespace
}  // namespace tend::rgb_test
