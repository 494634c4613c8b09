#include "tend/network/initializers/identity.h"

#include <vector>

#include <gtest/gtest.h>

namespace tend::identity_test {
namespace {

TEST(Identity, passes_inputs_through) {
  Random random(1, purpose("test"));
  std::vector<double> dense(6);
  Identity{}.fill(dense.data(), {{2, 3}, 2, 3}, random);
  EXPECT_EQ(dense, (std::vector<double>{1, 0, 0, 0, 1, 0}));
  std::vector<double> window(3 * 3 * 2 * 2);
  Identity{}.fill(window.data(), {{3, 3, 2, 2}, 18, 18}, random);
  for (std::size_t i = 0; i < window.size(); ++i) EXPECT_EQ(window[i], i == 16 || i == 19 ? 1 : 0) << i;
}

}  // namespace
}  // namespace tend::identity_test
