#include "tend/update/schedules/exponential.h"

#include <gtest/gtest.h>

namespace tend::exponential_test {
namespace {

TEST(ExponentialSchedule, falls_by_its_factor_every_epoch) {
  const ExponentialSchedule s;
  EXPECT_DOUBLE_EQ(s.factor({.epoch = 1}), 0.95);
  EXPECT_NEAR(s.factor({.epoch = 0.5}), 0.974679, 1e-6);
}

}  // namespace
}  // namespace tend::exponential_test
