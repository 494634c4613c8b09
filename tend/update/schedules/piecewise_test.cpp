#include "tend/update/schedules/piecewise.h"

#include <gtest/gtest.h>

namespace tend {
namespace {

TEST(PiecewiseSchedule, changes_at_its_boundaries) {
  const PiecewiseSchedule s{.boundaries = {30, 60}, .factors = {0.1, 0.01}};
  EXPECT_EQ(s.factor({.epoch = 29.9}), 1);
  EXPECT_EQ(s.factor({.epoch = 30}), 0.1);
  EXPECT_EQ(s.factor({.epoch = 99}), 0.01);
}

}  // namespace
}  // namespace tend
