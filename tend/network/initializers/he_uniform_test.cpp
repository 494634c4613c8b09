#include "tend/network/initializers/he_uniform.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace tend::he_uniform_test {
namespace {

TEST(HeUniform, has_the_variance_that_its_formula_says) {
  std::vector<double> w(200 * 300);
  Random random(1, purpose("test"));
  HeUniform{}.fill(w.data(), {{200, 300}, 200, 300}, random);
  double mean = 0, square = 0, largest = 0;
  for (double x : w) mean += x / 60000, square += x * x / 60000, largest = std::max(largest, std::abs(x));
  EXPECT_NEAR(mean, 0, 4 * std::sqrt(2.0 / 200 / 60000));
  EXPECT_NEAR(square / (2.0 / 200), 1, 0.03);
  EXPECT_LE(largest, std::sqrt(3 * 2.0 / 200));
}

}  // namespace
}  // namespace tend::he_uniform_test
