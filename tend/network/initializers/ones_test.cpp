#include "tend/network/initializers/ones.h"

#include <vector>

#include <gtest/gtest.h>

namespace tend::ones_test {
namespace {

TEST(Ones, fills_with_one_value) {
  std::vector<double> w(6, 7);
  Random random(1, purpose("test"));
  Ones{}.fill(w.data(), {{2, 3}, 2, 3}, random);
  for (double x : w) EXPECT_EQ(x, 1);
}

}  // namespace
}  // namespace tend::ones_test
