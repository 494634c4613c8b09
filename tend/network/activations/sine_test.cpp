#include "tend/network/activations/sine.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tend::sine_test {
namespace {

TEST(Sine, has_the_values_and_slopes_of_the_standard_library) {
  const Sine f;
  for (int i = -4000; i <= 4000; ++i) {
    const double z = i * 0.623;
    EXPECT_NEAR(f.value(z), std::sin(z), 1e-13) << z;
    EXPECT_NEAR(f.slope(z, 0.0), std::cos(z), 1e-13) << z;
    const float small = static_cast<float>(z);
    EXPECT_NEAR(f.value(small), std::sin(static_cast<double>(small)), 5e-7) << z;
    EXPECT_NEAR(f.slope(small, 0.0f), std::cos(static_cast<double>(small)), 5e-7) << z;
  }
}

TEST(Sine, is_0_far_away_and_nan_of_nan) {
  EXPECT_EQ(Sine().value(INFINITY), 0);
  EXPECT_EQ(Sine().slope(-1e30, 0.0), 0);
  EXPECT_TRUE(std::isnan(Sine().value(NAN)));
  EXPECT_TRUE(std::isnan(Sine().slope(NAN, NAN)));
}

}  // namespace
}  // namespace tend::sine_test
