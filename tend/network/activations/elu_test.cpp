#include "tend/network/activations/elu.h"

#include <gtest/gtest.h>

namespace tend::elu_test {
namespace {

TEST(Elu, has_the_values_and_slopes_of_its_formula) {
  const Elu f;
  EXPECT_NEAR(f.value(-2.0), -0.8646647167633873, 1e-15);
  EXPECT_NEAR(f.slope(-2.0, f.value(-2.0)), 0.1353352832366127, 1e-14);
  EXPECT_NEAR(f.value(3.0), 3, 1e-15);
  EXPECT_NEAR(f.slope(3.0, f.value(3.0)), 1, 1e-14);
}

}  // namespace
}  // namespace tend::elu_test
