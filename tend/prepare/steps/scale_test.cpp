#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::scale_test {
namespace {

using namespace test;
const double nan = std::nan("");
using Floats = std::vector<float>;

TEST(Scale, multiplies_every_value) {
  EXPECT_EQ(fit("[{scale = 10}]", table({{1, -2}, {0.5, 0}})).train(), (Floats{10, -20, 5, 0}));
  EXPECT_EQ(fit("[{scale = 0.5}, {scale = 0.5}]", images({1, 1, 2, 1}, {4, 255})).train(), (Floats{1, 63.75f}));
}
TEST(Scale, by_zero_makes_zeros_of_bytes) {
  EXPECT_EQ(fit("[{scale = 0}, 'center']", images({1, 1, 2, 1}, {4, 255})).train(), (Floats{0, 0}));
}
TEST(Scale, needs_a_factor) {
  EXPECT_NE(refusal([] { fit("['scale']", table({{1}})); }).find("no factor"), std::string::npos);
  EXPECT_NE(refusal([] { fit("[{scale = 'x'}]", table({{1}})); }).find("prepare.steps.0.scale"), std::string::npos);
}

}  // namespace
}  // namespace tend::scale_test
