#include "tend/loss/losses/binary_cross_entropy.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tend::binary_cross_entropy_test {
namespace {

TEST(BinaryCrossEntropy, has_the_values_and_slopes_of_pytorch) {
  const double o[3][4] = {{0.5, 1e-09, 2, 1}, {0.1, 0.2, 0.3, 0.4}, {0.7, 0.9, 0, 0.15}},
               t[3][4] = {{0, 1, 0, 1}, {1, 0, 0, 0}, {0, 0, 0.25, 0.75}};
  const double values[3] = {8.232334645750736, 0.8483073030032446, 2.249887901524605};
  const double slopes[3][4] = {{0.5, 0, 0, 0},
                               {-2.5, 0.3125, 0.35714285714285715, 0.4166666666666667},
                               {0.8333333333333333, 2.5000000000000004, 0, -1.1764705882352942}};
  const BinaryCrossEntropy loss;
  for (int r = 0; r < 3; ++r) {
    double slope[4];
    EXPECT_NEAR(loss.row(o[r], t[r], 4, slope), values[r], 1e-14);
    for (int j = 0; j < 4; ++j) EXPECT_NEAR(slope[j], slopes[r][j], 1e-14);
  }
}

TEST(BinaryCrossEntropy, takes_a_single_output_as_pytorch) {
  const double o[3] = {0.3, -2, 1}, t[3] = {1, 0, 1};
  const double values[3] = {1.2039728043259361, 1.0000000494736474e-07, 1.0000000494736474e-07},
               slopes[3] = {-3.3333333333333335, 0, 0};
  for (int r = 0; r < 3; ++r) {
    double slope;
    EXPECT_NEAR(BinaryCrossEntropy{}.row(&o[r], &t[r], 1, &slope), values[r], 1e-14);
    EXPECT_NEAR(slope, slopes[r], 1e-14);
  }
}

TEST(BinaryCrossEntropy, is_bounded_by_its_clipping) {
  const double o[] = {0, 1.5}, t[] = {1, 0};
  double slope[2];
  EXPECT_NEAR(BinaryCrossEntropy{}.row(o, t, 2, slope), -std::log(1e-7), 1e-8);
  EXPECT_EQ(slope[0], 0);
  EXPECT_EQ(slope[1], 0);
}

}  // namespace
}  // namespace tend::binary_cross_entropy_test
