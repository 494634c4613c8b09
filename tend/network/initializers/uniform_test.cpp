#include "tend/network/initializers/uniform.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace tend::uniform_test {
namespace {

TEST(Uniform, has_the_variance_that_its_formula_says) {
  std::vector<double> w(200 * 300);
  Random random(1, purpose("test"));
  Uniform{}.fill(w.data(), {{200, 300}, 200, 300}, random);
  double mean = 0, square = 0, largest = 0;
  for (double x : w) mean += x / 60000, square += x * x / 60000, largest = std::max(largest, std::abs(x));
  EXPECT_NEAR(mean, 0, 4 * std::sqrt(0.05 * 0.05 / 3 / 60000));
  EXPECT_NEAR(square / (0.05 * 0.05 / 3), 1, 0.03);
  EXPECT_LE(largest, std::sqrt(3 * 0.05 * 0.05 / 3));
}

}  // namespace
}  // namespace tend::uniform_test
