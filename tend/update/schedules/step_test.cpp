#include "tend/update/schedules/step.h"

#include <gtest/gtest.h>

namespace tend::step_test {
namespace {

TEST(StepSchedule, falls_by_its_factor_every_ten_epochs) {
  const StepSchedule s;
  EXPECT_DOUBLE_EQ(s.factor({.epoch = 9.99}), 1);
  EXPECT_DOUBLE_EQ(s.factor({.epoch = 10}), 0.1);
  EXPECT_DOUBLE_EQ(s.factor({.epoch = 25}), 0.01);
}

}  // namespace
}  // namespace tend::step_test
