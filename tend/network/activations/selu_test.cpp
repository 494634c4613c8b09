#include "tend/network/activations/selu.h"

#include <gtest/gtest.h>

namespace tend::selu_test {
namespace {

TEST(Selu, has_the_values_and_slopes_of_its_formula) {
  const Selu f;
  EXPECT_NEAR(f.value(-1.0), -1.1113307378125625, 1e-15);
  EXPECT_NEAR(f.slope(-1.0, f.value(-1.0)), 0.646768603034814, 1e-14);
  EXPECT_NEAR(f.value(2.0), 2.101401974710961, 1e-15);
  EXPECT_NEAR(f.slope(2.0, f.value(2.0)), 1.0507009873554805, 1e-14);
}

}  // namespace
}  // namespace tend::selu_test
