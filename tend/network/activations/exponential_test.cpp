#include "tend/network/activations/exponential.h"

#include <gtest/gtest.h>

namespace tend::exponential_test {
namespace {

TEST(Exponential, has_the_values_and_slopes_of_its_formula) {
  const Exponential f;
  EXPECT_NEAR(f.value(-1.0), 0.36787944117144233, 1e-15);
  EXPECT_NEAR(f.slope(-1.0, f.value(-1.0)), 0.36787944117144233, 1e-14);
  EXPECT_NEAR(f.value(1.0), 2.718281828459045, 1e-15);
  EXPECT_NEAR(f.slope(1.0, f.value(1.0)), 2.718281828459045, 1e-14);
}

}  // namespace
}  // namespace tend::exponential_test
