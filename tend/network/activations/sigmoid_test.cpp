#include "tend/network/activations/sigmoid.h"

#include <gtest/gtest.h>

namespace tend::sigmoid_test {
namespace {

TEST(Sigmoid, has_the_values_and_slopes_of_its_formula) {
  const Sigmoid f;
  EXPECT_NEAR(f.value(-1.0), 0.2689414213699951, 1e-15);
  EXPECT_NEAR(f.slope(-1.0, f.value(-1.0)), 0.19661193324148185, 1e-14);
  EXPECT_NEAR(f.value(2.0), 0.8807970779778825, 1e-15);
  EXPECT_NEAR(f.slope(2.0, f.value(2.0)), 0.10499358540350652, 1e-14);
}

}  // namespace
}  // namespace tend::sigmoid_test
