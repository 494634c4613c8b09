#include "tend/network/initializers/zeros.h"

#include <vector>

#include <gtest/gtest.h>

namespace tend::zeros_test {
namespace {

TEST(Zeros, fills_with_one_value) {
  std::vector<double> w(6, 7);
  Random random(1, purpose("test"));
  Zeros{}.fill(w.data(), {{2, 3}, 2, 3}, random);
  for (double x : w) EXPECT_EQ(x, 0);
}

}  // namespace
}  // namespace tend::zeros_test
