#include "tend/network/activations/hard_sigmoid.h"

#include <gtest/gtest.h>

namespace tend::hard_sigmoid_test {
namespace {

TEST(HardSigmoid, has_the_values_and_slopes_of_its_formula) {
  const HardSigmoid f;
  EXPECT_NEAR(f.value(-1.0), 0.3333333333333333, 1e-15);
  EXPECT_NEAR(f.slope(-1.0, f.value(-1.0)), 0.16666666666666666, 1e-14);
  EXPECT_NEAR(f.value(4.0), 1, 1e-15);
  EXPECT_NEAR(f.slope(4.0, f.value(4.0)), 0, 1e-14);
}

}  // namespace
}  // namespace tend::hard_sigmoid_test
