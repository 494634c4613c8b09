#include "tend/loss/losses/categorical_cross_entropy.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tend::categorical_cross_entropy_test {
namespace {

TEST(CategoricalCrossEntropy, has_the_values_and_slopes_of_pytorch) {
  const double o[3][4] = {{0.5, 1e-09, 2, 1}, {0.1, 0.2, 0.3, 0.4}, {0.7, 0.9, 0, 0.15}},
               t[3][4] = {{0, 1, 0, 1}, {1, 0, 0, 0}, {0, 0, 0.25, 0.75}};
  const double values[3] = {17.3708586197394, 2.3025850929940455, 5.872075742355558};
  const double slopes[3][4] = {{0.28571428563265305, 0.28571428563265305, 0.28571428563265305, -0.7142857143673469},
                               {-9, 1, 1, 1},
                               {0.42857142857142855, 0.42857142857142855, 0.42857142857142855, -4.571428571428571}};
  const double codes[3] = {2, 0, 3}, values_by_code[3] = {0.559615788221137, 2.3025850929940455, 2.456735772821304};
  const double slopes_by_code[3][4] = {{0.28571428563265305, 0.28571428563265305, -0.21428571436734695, 0.28571428563265305},
                                       {-9, 1, 1, 1},
                                       {0.5714285714285714, 0.5714285714285714, 0.5714285714285714, -6.095238095238095}};
  const CategoricalCrossEntropy loss;
  for (int r = 0; r < 3; ++r) {
    double slope[4];
    EXPECT_NEAR(loss.target_row(o[r], t[r], 4, slope), values[r], 1e-14);
    for (int j = 0; j < 4; ++j) EXPECT_NEAR(slope[j], slopes[r][j], 1e-14);
    EXPECT_NEAR(loss.row(o[r], &codes[r], 4, slope), values_by_code[r], 1e-14);
    for (int j = 0; j < 4; ++j) EXPECT_NEAR(slope[j], slopes_by_code[r][j], 1e-14);
  }
}

TEST(CategoricalCrossEntropy, takes_a_single_output_as_pytorch) {
  const double o[3] = {0.3, -2, 1}, t[3] = {1, 0, 1};
  const double values[3] = {1.0000000494736474e-07, 0, 1.0000000494736474e-07}, slopes[3] = {0, 0, 0};
  for (int r = 0; r < 3; ++r) {
    double slope;
    EXPECT_NEAR(CategoricalCrossEntropy{}.target_row(&o[r], &t[r], 1, &slope), values[r], 1e-14);
    EXPECT_NEAR(slope, slopes[r], 1e-14);
  }
}

TEST(CategoricalCrossEntropy, divides_by_the_sum_of_the_row_first) {
  const double once[] = {0.1, 0.3, 0.6}, thrice[] = {0.3, 0.9, 1.8}, t = 1;
  const CategoricalCrossEntropy loss;
  EXPECT_DOUBLE_EQ(loss.row<double>(once, &t, 3, nullptr), -std::log(0.3));
  EXPECT_NEAR(loss.row<double>(thrice, &t, 3, nullptr), -std::log(0.3), 1e-15);
}

}  // namespace
}  // namespace tend::categorical_cross_entropy_test
