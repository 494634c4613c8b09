#include "tend/network/activations/leaky_relu.h"

#include <gtest/gtest.h>

namespace tend::leaky_relu_test {
namespace {

TEST(LeakyRelu, has_the_values_and_slopes_of_its_formula) {
  const LeakyRelu f;
  EXPECT_NEAR(f.value(-2.0), -0.02, 1e-15);
  EXPECT_NEAR(f.slope(-2.0, f.value(-2.0)), 0.01, 1e-14);
  EXPECT_NEAR(f.value(3.0), 3, 1e-15);
  EXPECT_NEAR(f.slope(3.0, f.value(3.0)), 1, 1e-14);
}

}  // namespace
}  // namespace tend::leaky_relu_test
