#include "tend/loss/losses/sigmoid_cross_entropy.h"

#include <gtest/gtest.h>

namespace tend::sigmoid_cross_entropy_test {
namespace {

TEST(SigmoidCrossEntropy, has_the_values_and_slopes_of_pytorch) {
  const double o[3][4] = {{0.5, -1, 2, 0.25}, {0.1, 0.2, 0.3, 0.4}, {3, -3, 0, 1.5}},
               t[3][4] = {{0, 1, 0, 1}, {1, 0, 0, 0}, {0, 0, 0.25, 0.75}};
  const double values[3] = {1.2475515256550365, 0.8024765065809106, 1.0916837904225454};
  const double slopes[3][4] = {{0.15561483280046365, -0.18276464465750122, 0.22019926949447058, -0.10945587477855048},
                               {-0.118755203130265, 0.1374584993281195, 0.14361062920291476, 0.149671915028113},
                               {0.23814353170560834, 0.011856468294391695, 0.0625, 0.016893619048410913}};
  const SigmoidCrossEntropy loss;
  for (int r = 0; r < 3; ++r) {
    double slope[4];
    EXPECT_NEAR(loss.row(o[r], t[r], 4, slope), values[r], 1e-14);
    for (int j = 0; j < 4; ++j) EXPECT_NEAR(slope[j], slopes[r][j], 1e-14);
  }
}

TEST(SigmoidCrossEntropy, takes_a_single_output_as_pytorch) {
  const double o[3] = {0.3, -2, 1}, t[3] = {1, 0, 1};
  const double values[3] = {0.5543552444685271, 0.1269280110429727, 0.31326168751822286},
               slopes[3] = {-0.42555748318834097, 0.11920292202211755, -0.2689414213699951};
  for (int r = 0; r < 3; ++r) {
    double slope;
    EXPECT_NEAR(SigmoidCrossEntropy{}.row(&o[r], &t[r], 1, &slope), values[r], 1e-14);
    EXPECT_NEAR(slope, slopes[r], 1e-14);
  }
}

TEST(SigmoidCrossEntropy, overflows_for_no_logit) {
  const double o[] = {1e4, -1e4}, t[] = {0, 0};
  double slope[2];
  EXPECT_DOUBLE_EQ(SigmoidCrossEntropy{}.row(o, t, 2, slope), 5e3);
  EXPECT_EQ(slope[0], 0.5);
  EXPECT_EQ(slope[1], 0);
}

}  // namespace
}  // namespace tend::sigmoid_cross_entropy_test
