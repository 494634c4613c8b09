#include "tend/network/initializers/glorot_normal.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace tend::glorot_normal_test {
namespace {

TEST(GlorotNormal, has_the_variance_that_its_formula_says) {
  std::vector<double> w(200 * 300);
  Random random(1, purpose("test"));
  GlorotNormal{}.fill(w.data(), {{200, 300}, 200, 300}, random);
  double mean = 0, square = 0, largest = 0;
  for (double x : w) mean += x / 60000, square += x * x / 60000, largest = std::max(largest, std::abs(x));
  EXPECT_NEAR(mean, 0, 4 * std::sqrt(2.0 / 500 / 60000));
  EXPECT_NEAR(square / (2.0 / 500), 1, 0.03);
  EXPECT_GT(largest, 3.5 * std::sqrt(2.0 / 500));
}

}  // namespace
}  // namespace tend::glorot_normal_test
