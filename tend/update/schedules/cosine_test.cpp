#include "tend/update/schedules/cosine.h"

#include <gtest/gtest.h>

namespace tend::cosine_test {
namespace {

TEST(CosineSchedule, is_half_in_the_middle_and_its_final_fraction_at_the_end) {
  const CosineSchedule s{.final_fraction = 0.1};
  EXPECT_DOUBLE_EQ(s.factor({.done = 0}), 1);
  EXPECT_NEAR(s.factor({.done = 0.5}), 0.55, 1e-12);
  EXPECT_NEAR(s.factor({.done = 1}), 0.1, 1e-12);
}

TEST(CosineSchedule, starts_anew_with_each_cycle_and_ends_low) {
  const CosineSchedule s{.cycles = 4};
  EXPECT_NEAR(s.factor({.done = 0.125}), 0.5, 1e-12);
  EXPECT_NEAR(s.factor({.done = 0.2499999}), 0, 1e-9);
  EXPECT_NEAR(s.factor({.done = 0.25}), 1, 1e-12);
  EXPECT_NEAR(s.factor({.done = 1}), 0, 1e-12);
}

}  // namespace
}  // namespace tend::cosine_test
