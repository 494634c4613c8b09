#include "tend/network/activations/gelu.h"

#include <gtest/gtest.h>

namespace tend::gelu_test {
namespace {

TEST(Gelu, has_the_values_and_slopes_of_its_formula) {
  const Gelu f;
  EXPECT_NEAR(f.value(-1.0), -0.15865525393145707, 1e-15);
  EXPECT_NEAR(f.slope(-1.0, f.value(-1.0)), -0.08331547058768628, 1e-14);
  EXPECT_NEAR(f.value(2.0), 1.9544997361036416, 1e-15);
  EXPECT_NEAR(f.slope(2.0, f.value(2.0)), 1.085231801078197, 1e-14);
}

}  // namespace
}  // namespace tend::gelu_test
