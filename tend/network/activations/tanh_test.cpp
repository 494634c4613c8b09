#include "tend/network/activations/tanh.h"

#include <gtest/gtest.h>

namespace tend::tanh_test {
namespace {

TEST(Tanh, has_the_values_and_slopes_of_its_formula) {
  const Tanh f;
  EXPECT_NEAR(f.value(-1.0), -0.7615941559557649, 1e-15);
  EXPECT_NEAR(f.slope(-1.0, f.value(-1.0)), 0.41997434161402614, 1e-14);
  EXPECT_NEAR(f.value(0.5), 0.46211715726000974, 1e-15);
  EXPECT_NEAR(f.slope(0.5, f.value(0.5)), 0.7864477329659274, 1e-14);
}

}  // namespace
}  // namespace tend::tanh_test
