#include "tend/loss/losses/softmax_cross_entropy.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace tend::softmax_cross_entropy_test {
namespace {

TEST(SoftmaxCrossEntropy, has_the_values_and_slopes_of_pytorch) {
  const double o[3][4] = {{0.5, -1, 2, 0.25}, {0.1, 0.2, 0.3, 0.4}, {3, -3, 0, 1.5}},
               t[3][4] = {{0, 1, 0, 1}, {1, 0, 0, 0}, {0, 0, 0.25, 0.75}};
  const double values[3] = {5.488557996896507, 1.5425355294551628, 2.1182567034850672};
  const double slopes[3][4] = {{0.3084696505683244, -0.9311711174677596, 1.3824650614830616, -0.7597635945836263},
                               {-0.7861617796340156, 0.23632778232153767, 0.26118259215507555, 0.28865140515740234},
                               {0.7840702143789654, 0.0019435157505511191, -0.2109634426315087, -0.5750502874980077}};
  const double codes[3] = {2, 0, 3}, values_by_code[3] = {0.36927899844825335, 1.5425355294551628, 1.7432567034850674};
  const double slopes_by_code[3][4] = {{0.1542348252841622, 0.034414441266120206, -0.3087674692584692, 0.12011820270818684},
                                       {-0.7861617796340156, 0.23632778232153767, 0.26118259215507555, 0.28865140515740234},
                                       {0.7840702143789654, 0.0019435157505511191, 0.0390365573684913, -0.8250502874980077}};
  const SoftmaxCrossEntropy loss;
  for (int r = 0; r < 3; ++r) {
    double slope[4];
    EXPECT_NEAR(loss.target_row(o[r], t[r], 4, slope), values[r], 1e-14);
    for (int j = 0; j < 4; ++j) EXPECT_NEAR(slope[j], slopes[r][j], 1e-14);
    EXPECT_NEAR(loss.row(o[r], &codes[r], 4, slope), values_by_code[r], 1e-14);
    for (int j = 0; j < 4; ++j) EXPECT_NEAR(slope[j], slopes_by_code[r][j], 1e-14);
  }
}

TEST(SoftmaxCrossEntropy, takes_a_single_output_as_pytorch) {
  const double o[3] = {0.3, -2, 1}, t[3] = {1, 0, 1};
  const double values[3] = {0, 0, 0}, slopes[3] = {0, 0, 0};
  for (int r = 0; r < 3; ++r) {
    double slope;
    EXPECT_NEAR(SoftmaxCrossEntropy{}.target_row(&o[r], &t[r], 1, &slope), values[r], 1e-14);
    EXPECT_NEAR(slope, slopes[r], 1e-14);
  }
}

TEST(SoftmaxCrossEntropy, overflows_for_no_logits) {
  const double o[] = {1e4, -1e4, 0}, t = 1;
  double slope[3];
  EXPECT_DOUBLE_EQ(SoftmaxCrossEntropy{}.row(o, &t, 3, slope), 2e4);
  EXPECT_EQ(slope[0], 1);
  EXPECT_EQ(slope[1], -1);
}

TEST(SoftmaxCrossEntropy, of_equal_logits_is_the_logarithm_of_the_number_of_classes) {
  const std::vector<double> o(10, 3.0);
  const double t = 7;
  EXPECT_DOUBLE_EQ(SoftmaxCrossEntropy{}.row<double>(o.data(), &t, 10, nullptr), std::log(10.0));
}

}  // namespace
}  // namespace tend::softmax_cross_entropy_test
