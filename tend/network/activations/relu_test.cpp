#include "tend/network/activations/relu.h"

#include <gtest/gtest.h>

namespace tend::relu_test {
namespace {

TEST(Relu, has_the_values_and_slopes_of_its_formula) {
  const Relu f;
  EXPECT_NEAR(f.value(-2.0), 0, 1e-15);
  EXPECT_NEAR(f.slope(-2.0, f.value(-2.0)), 0, 1e-14);
  EXPECT_NEAR(f.value(3.0), 3, 1e-15);
  EXPECT_NEAR(f.slope(3.0, f.value(3.0)), 1, 1e-14);
}

}  // namespace
}  // namespace tend::relu_test
