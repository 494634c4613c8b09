#include "tend/loss/losses/squared_hinge.h"

#include <gtest/gtest.h>

namespace tend::squared_hinge_test {
namespace {

TEST(SquaredHinge, has_the_values_and_slopes_of_pytorch) {
  const double o[3][4] = {{0.5, -1, 2, 0.25}, {0.1, 0.2, 0.3, 0.4}, {3, -3, 0, 1.5}},
               t[3][4] = {{0, 1, 0, 1}, {1, 0, 0, 0}, {0, 0, 0.25, 0.75}};
  const double values[3] = {15.8125, 5.9, 17.0625};
  const double slopes[3][4] = {{3, -4, 6, -1.5}, {-1.8, 2.4, 2.6, 2.8}, {8, 0, 1, -0.25}};
  const double codes[3] = {2, 0, 3}, values_by_code[3] = {0, 4.340000000000001, 6.25};
  const double slopes_by_code[3][4] = {{0, 0, 0, 0}, {-7.199999999999999, 2.2, 2.4, 2.6}, {5, 0, 0, -5}};
  const SquaredHinge loss;
  for (int r = 0; r < 3; ++r) {
    double slope[4];
    EXPECT_NEAR(loss.target_row(o[r], t[r], 4, slope), values[r], 1e-14);
    for (int j = 0; j < 4; ++j) EXPECT_NEAR(slope[j], slopes[r][j], 1e-14);
    EXPECT_NEAR(loss.row(o[r], &codes[r], 4, slope), values_by_code[r], 1e-14);
    for (int j = 0; j < 4; ++j) EXPECT_NEAR(slope[j], slopes_by_code[r][j], 1e-14);
  }
}

TEST(SquaredHinge, takes_a_single_output_as_pytorch) {
  const double o[3] = {0.3, -2, 1}, t[3] = {1, 0, 1};
  const double values[3] = {0.48999999999999994, 0, 0}, slopes[3] = {-1.4, 0, 0};
  for (int r = 0; r < 3; ++r) {
    double slope;
    EXPECT_NEAR(SquaredHinge{}.target_row(&o[r], &t[r], 1, &slope), values[r], 1e-14);
    EXPECT_NEAR(slope, slopes[r], 1e-14);
  }
}

TEST(SquaredHinge, squares_each_term_and_not_the_sum) {
  const double o[] = {0, 0, 0}, t = 0;
  EXPECT_EQ(SquaredHinge{}.row<double>(o, &t, 3, nullptr), 2);
}

}  // namespace
}  // namespace tend::squared_hinge_test
