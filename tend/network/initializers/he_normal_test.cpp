#include "tend/network/initializers/he_normal.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace tend::he_normal_test {
namespace {

TEST(HeNormal, has_the_variance_that_its_formula_says) {
  std::vector<double> w(200 * 300);
  Random random(1, purpose("test"));
  HeNormal{}.fill(w.data(), {{200, 300}, 200, 300}, random);
  double mean = 0, square = 0, largest = 0;
  for (double x : w) mean += x / 60000, square += x * x / 60000, largest = std::max(largest, std::abs(x));
  EXPECT_NEAR(mean, 0, 4 * std::sqrt(2.0 / 200 / 60000));
  EXPECT_NEAR(square / (2.0 / 200), 1, 0.03);
  EXPECT_GT(largest, 3.5 * std::sqrt(2.0 / 200));
}

}  // namespace
}  // namespace tend::he_normal_test
