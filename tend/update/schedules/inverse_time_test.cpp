#include "tend/update/schedules/inverse_time.h"

#include <gtest/gtest.h>

namespace tend::inverse_time_test {
namespace {

TEST(InverseTimeSchedule, halves_after_1_over_decay_steps) {
  EXPECT_DOUBLE_EQ(InverseTimeSchedule{}.factor({.step = 10000}), 0.5);
}

}  // namespace
}  // namespace tend::inverse_time_test
