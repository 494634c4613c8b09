#include "tend/network/activations/mish.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tend::mish_test {
namespace {

TEST(Mish, has_the_values_and_slopes_of_its_formula) {
  const Mish f;
  for (const double z : {-30.0, -2.5, -1.0, 0.0, 0.5, 2.0, 25.0}) {
    const double softplus = std::log1p(std::exp(z)), t = std::tanh(softplus), s = 1 / (1 + std::exp(-z));
    EXPECT_NEAR(f.value(z), z * t, 1e-14) << z;
    EXPECT_NEAR(f.slope(z, f.value(z)), t + z * (1 - t * t) * s, 1e-14) << z;
  }
  EXPECT_NEAR(f.value(1.0), 0.8650983882673103, 1e-14);  // as PyTorch
}

}  // namespace
}  // namespace tend::mish_test
