#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::center_test {
namespace {

using namespace test;
const double nan = std::nan("");
using Floats = std::vector<float>;

TEST(Center, subtracts_the_mean_of_the_training_rows) {
  const Fitted f = fit("['center']", table({{1, 10}, {nan, 20}, {3, 60}}), table({{2, 0}}));
  const Floats x = f.train();
  EXPECT_EQ(x[0], -1);
  EXPECT_TRUE(std::isnan(x[2]));
  EXPECT_EQ(x[5], 30);
  EXPECT_EQ(f.validation(), (Floats{0, -30}));
}
TEST(Center, adds_up_with_other_steps_on_bytes) {
  const Fitted f = fit("[{scale = 0.5}, 'center']", images({2, 1, 1, 1}, {10, 30}));
  EXPECT_EQ(f.parts.train.x.type(), ElementType::uint8);
  EXPECT_EQ(f.train(), (Floats{-5, 5}));
}

}  // namespace
}  // namespace tend::center_test
