#include "tend/network/activations/linear.h"

#include <gtest/gtest.h>

namespace tend::linear_test {
namespace {

TEST(Linear, has_the_values_and_slopes_of_its_formula) {
  const Linear f;
  EXPECT_NEAR(f.value(-2.0), -2, 1e-15);
  EXPECT_NEAR(f.slope(-2.0, f.value(-2.0)), 1, 1e-14);
  EXPECT_NEAR(f.value(3.0), 3, 1e-15);
  EXPECT_NEAR(f.slope(3.0, f.value(3.0)), 1, 1e-14);
}

}  // namespace
}  // namespace tend::linear_test
