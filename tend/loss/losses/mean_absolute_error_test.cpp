#include "tend/loss/losses/mean_absolute_error.h"

#include <gtest/gtest.h>

namespace tend::mean_absolute_error_test {
namespace {

TEST(MeanAbsoluteError, has_the_values_and_slopes_of_pytorch) {
  const double o[3][4] = {{0.5, -1, 2, 0.25}, {0.1, 0.2, 0.3, 0.4}, {3, -3, 0, 1.5}},
               t[3][4] = {{0, 1, 0, 1}, {1, 0, 0, 0}, {0, 0, 0.25, 0.75}};
  const double values[3] = {1.3125, 0.45000000000000007, 1.75};
  const double slopes[3][4] = {{0.25, -0.25, 0.25, -0.25}, {-0.25, 0.25, 0.25, 0.25}, {0.25, -0.25, -0.25, 0.25}};
  const MeanAbsoluteError loss;
  for (int r = 0; r < 3; ++r) {
    double slope[4];
    EXPECT_NEAR(loss.row(o[r], t[r], 4, slope), values[r], 1e-14);
    for (int j = 0; j < 4; ++j) EXPECT_NEAR(slope[j], slopes[r][j], 1e-14);
  }
}

TEST(MeanAbsoluteError, takes_a_single_output_as_pytorch) {
  const double o[3] = {0.3, -2, 1}, t[3] = {1, 0, 1};
  const double values[3] = {0.7, 2, 0}, slopes[3] = {-1, -1, 0};
  for (int r = 0; r < 3; ++r) {
    double slope;
    EXPECT_NEAR(MeanAbsoluteError{}.row(&o[r], &t[r], 1, &slope), values[r], 1e-14);
    EXPECT_NEAR(slope, slopes[r], 1e-14);
  }
}

TEST(MeanAbsoluteError, has_no_slope_at_its_kink) {
  const double o = 2;
  double slope = 9;
  EXPECT_EQ(MeanAbsoluteError{}.row(&o, &o, 1, &slope), 0);
  EXPECT_EQ(slope, 0);
}

}  // namespace
}  // namespace tend::mean_absolute_error_test
