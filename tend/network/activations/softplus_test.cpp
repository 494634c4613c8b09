#include "tend/network/activations/softplus.h"

#include <gtest/gtest.h>

namespace tend::softplus_test {
namespace {

TEST(Softplus, has_the_values_and_slopes_of_its_formula) {
  const Softplus f;
  EXPECT_NEAR(f.value(-1.0), 0.31326168751822286, 1e-15);
  EXPECT_NEAR(f.slope(-1.0, f.value(-1.0)), 0.2689414213699951, 1e-14);
  EXPECT_NEAR(f.value(2.0), 2.1269280110429727, 1e-15);
  EXPECT_NEAR(f.slope(2.0, f.value(2.0)), 0.8807970779778825, 1e-14);
}

}  // namespace
}  // namespace tend::softplus_test
