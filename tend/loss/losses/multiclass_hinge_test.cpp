#include "tend/loss/losses/multiclass_hinge.h"

#include <gtest/gtest.h>

namespace tend::multiclass_hinge_test {
namespace {

TEST(MulticlassHinge, has_the_values_and_slopes_of_pytorch) {
  const double o[3][4] = {{0.5, -1, 2, 0.25}, {0.1, 0.2, 0.3, 0.4}, {3, -3, 0, 1.5}},
               t[3][4] = {{0, 1, 0, 1}, {1, 0, 0, 0}, {0, 0, 0.25, 0.75}};
  const double values[3] = {7.25, 4.800000000000001, 5.25};
  const double slopes[3][4] = {{1, -1, 1, -1}, {-1, 1, 1, 1}, {1, 0, 0.5, -0.5}};
  const double codes[3] = {2, 0, 3}, values_by_code[3] = {0, 3.5999999999999996, 2.5};
  const double slopes_by_code[3][4] = {{0, 0, 0, 0}, {-3, 1, 1, 1}, {1, 0, 0, -1}};
  const MulticlassHinge loss;
  for (int r = 0; r < 3; ++r) {
    double slope[4];
    EXPECT_NEAR(loss.target_row(o[r], t[r], 4, slope), values[r], 1e-14);
    for (int j = 0; j < 4; ++j) EXPECT_NEAR(slope[j], slopes[r][j], 1e-14);
    EXPECT_NEAR(loss.row(o[r], &codes[r], 4, slope), values_by_code[r], 1e-14);
    for (int j = 0; j < 4; ++j) EXPECT_NEAR(slope[j], slopes_by_code[r][j], 1e-14);
  }
}

TEST(MulticlassHinge, takes_a_single_output_as_pytorch) {
  const double o[3] = {0.3, -2, 1}, t[3] = {1, 0, 1};
  const double values[3] = {0.7, 0, 0}, slopes[3] = {-1, 0, 0};
  for (int r = 0; r < 3; ++r) {
    double slope;
    EXPECT_NEAR(MulticlassHinge{}.target_row(&o[r], &t[r], 1, &slope), values[r], 1e-14);
    EXPECT_NEAR(slope, slopes[r], 1e-14);
  }
}

TEST(MulticlassHinge, has_no_slope_at_its_kink) {
  const double o[] = {0, 1}, t = 1;  // the margin is exactly 1
  double slope[2];
  EXPECT_EQ(MulticlassHinge{}.row(o, &t, 2, slope), 0);
  EXPECT_EQ(slope[0], 0);
  EXPECT_EQ(slope[1], 0);
}

}  // namespace
}  // namespace tend::multiclass_hinge_test
