#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::scale_0_1_test {
namespace {

using namespace test;
const double nan = std::nan("");
using Floats = std::vector<float>;

TEST(Scale01, brings_the_training_rows_to_0_1_and_others_by_the_same_measure) {
  const Fitted f = fit("['scale_0_1']", table({{2, 7}, {nan, 7}, {6, 7}, {3, 7}}), table({{8, 9}}));
  const Floats x = f.train();
  EXPECT_EQ(x[0], 0);
  EXPECT_TRUE(std::isnan(x[2]));
  EXPECT_EQ(x[4], 1);
  EXPECT_EQ(x[6], 0.25f);
  EXPECT_EQ(x[1], 0);
  EXPECT_EQ(f.validation(), (Floats{1.5f, 2}));
}
TEST(Scale01, images_by_channel) {
  EXPECT_EQ(fit("['scale_0_1']", images({2, 1, 1, 2}, {10, 0, 30, 200})).train(), (Floats{0, 0, 1, 1}));
}

}  // namespace
}  // namespace tend::scale_0_1_test
