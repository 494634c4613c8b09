#include "tend/update/optimizers/lamb.h"

#include <gtest/gtest.h>

namespace tend::lamb_test {
namespace {

TEST(Lamb, moves_a_tensor_by_the_rate_times_its_norm) {
  EXPECT_DOUBLE_EQ(Lamb{}.factor({.weight_norm = 6, .direction_norm = 2}), 3);
  EXPECT_DOUBLE_EQ(Lamb{}.factor({.weight_norm = 0, .direction_norm = 2}), 1);
  EXPECT_DOUBLE_EQ(Lamb{}.factor({.weight_norm = 6, .direction_norm = 0}), 1);
}

TEST(Lamb, counts_decay_into_the_direction) {
  const Lamb lamb;
  double c[16] = {}, s[3] = {};
  const auto made = lamb.constants(1e-3, 1);
  std::copy(made.begin(), made.end(), c);
  c[15] = 0.1;
  lamb.direction(2.0, 0.5, s, c);
  EXPECT_NEAR(s[2], 1 + 0.1 * 2, 1e-5);
}

}  // namespace
}  // namespace tend::lamb_test
