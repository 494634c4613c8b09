#include "tend/network/activations/swish.h"

#include <gtest/gtest.h>

namespace tend::swish_test {
namespace {

TEST(Swish, has_the_values_and_slopes_of_its_formula) {
  const Swish f;
  EXPECT_NEAR(f.value(-1.0), -0.2689414213699951, 1e-15);
  EXPECT_NEAR(f.slope(-1.0, f.value(-1.0)), 0.07232948812851325, 1e-14);
  EXPECT_NEAR(f.value(2.0), 1.7615941559557646, 1e-15);
  EXPECT_NEAR(f.slope(2.0, f.value(2.0)), 1.0907842487848955, 1e-14);
}

}  // namespace
}  // namespace tend::swish_test
