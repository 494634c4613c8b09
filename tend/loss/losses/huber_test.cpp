#include "tend/loss/losses/huber.h"

#include <gtest/gtest.h>

namespace tend::huber_test {
namespace {

TEST(Huber, has_the_values_and_slopes_of_pytorch) {
  const double o[3][4] = {{0.5, -1, 2, 0.25}, {0.1, 0.2, 0.3, 0.4}, {3, -3, 0, 1.5}},
               t[3][4] = {{0, 1, 0, 1}, {1, 0, 0, 0}, {0, 0, 0.25, 0.75}};
  const double values[3] = {0.8515625, 0.1375, 1.328125};
  const double slopes[3][4] = {{0.125, -0.25, 0.25, -0.1875}, {-0.225, 0.05, 0.075, 0.1}, {0.25, -0.25, -0.0625, 0.1875}};
  const Huber loss;
  for (int r = 0; r < 3; ++r) {
    double slope[4];
    EXPECT_NEAR(loss.row(o[r], t[r], 4, slope), values[r], 1e-14);
    for (int j = 0; j < 4; ++j) EXPECT_NEAR(slope[j], slopes[r][j], 1e-14);
  }
}

TEST(Huber, takes_a_single_output_as_pytorch) {
  const double o[3] = {0.3, -2, 1}, t[3] = {1, 0, 1};
  const double values[3] = {0.24499999999999997, 1.5, 0}, slopes[3] = {-0.7, -1, 0};
  for (int r = 0; r < 3; ++r) {
    double slope;
    EXPECT_NEAR(Huber{}.row(&o[r], &t[r], 1, &slope), values[r], 1e-14);
    EXPECT_NEAR(slope, slopes[r], 1e-14);
  }
}

TEST(Huber, goes_on_straight_beyond_delta) {
  const Huber wide{.delta = 3};
  double o = 5, t = 0, slope = 0;
  EXPECT_DOUBLE_EQ(wide.row(&o, &t, 1, &slope), 3 * (5 - 1.5));
  EXPECT_DOUBLE_EQ(slope, 3);
  o = 2;
  EXPECT_DOUBLE_EQ(wide.row(&o, &t, 1, &slope), 2);
  EXPECT_DOUBLE_EQ(slope, 2);
}

}  // namespace
}  // namespace tend::huber_test
