#include "tend/network/initializers/sparse.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace tend::sparse_test {
namespace {

TEST(Sparse, leaves_each_input_its_share_of_outputs) {
  constexpr int inputs = 400, outputs = 25;  // ceil(0.9 * 25) = 23 zeros
  std::vector<double> w(inputs * outputs);
  Random random(1, purpose("test"));
  Sparse{}.fill(w.data(), {{inputs, outputs}, inputs, outputs}, random);
  double square = 0;
  std::vector<int> used(outputs);
  for (int i = 0; i < inputs; ++i) {
    int zeros = 0;
    for (int j = 0; j < outputs; ++j) {
      const double x = w[static_cast<std::size_t>(i * outputs + j)];
      zeros += x == 0;
      used[static_cast<std::size_t>(j)] += x != 0;
      square += x * x;
    }
    ASSERT_EQ(zeros, 23);
  }
  EXPECT_NEAR(std::sqrt(square / (2 * inputs)), 0.01, 0.001);
  EXPECT_GT(*std::min_element(used.begin(), used.end()), 10);  // 32 on average
}

}  // namespace
}  // namespace tend::sparse_test
