#include "tend/network/initializers/constant.h"

#include <vector>

#include <gtest/gtest.h>

namespace tend::constant_test {
namespace {

TEST(Constant, fills_with_one_value) {
  std::vector<double> w(6, 7);
  Random random(1, purpose("test"));
  Constant{.value = 0.1}.fill(w.data(), {{2, 3}, 2, 3}, random);
  for (double x : w) EXPECT_EQ(x, 0.1);
}

}  // namespace
}  // namespace tend::constant_test
