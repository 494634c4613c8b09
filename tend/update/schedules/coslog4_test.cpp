#include "tend/update/schedules/coslog4.h"

#include <gtest/gtest.h>

namespace tend::coslog4_test {
namespace {

TEST(Coslog4, is_0_between_its_cycles_and_1_in_their_middle) {
  const Coslog4 s;
  for (const double done : {0.0, 1.0 / 15, 3.0 / 15, 7.0 / 15, 1.0}) EXPECT_NEAR(s.factor({.done = done}), 0, 1e-12) << done;
  for (const double cycle : {0.5, 1.5, 2.5, 3.5}) EXPECT_NEAR(s.factor({.done = (std::exp2(cycle) - 1) / 15}), 1, 1e-12) << cycle;
}

TEST(Coslog4, has_one_cycle_where_one_is_asked_for) {
  const Coslog4 s{.cycles = 1};
  EXPECT_NEAR(s.factor({.done = std::exp2(0.5) - 1}), 1, 1e-12);
  EXPECT_GT(s.factor({.done = 0.9}), 0.05);
}

}  // namespace
}  // namespace tend::coslog4_test
