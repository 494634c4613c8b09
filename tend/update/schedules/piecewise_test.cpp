#include "tend/update/schedules/piecewise.h"

#include <gtest/gtest.h>

namespace tend::piecewise_test {
namespace {

TEST(PiecewiseSchedule, changes_at_its_boundaries) {
  const PiecewiseSchedule s{.boundaries = {30, 60}, .factors = {0.1, 0.01}};
  EXPECT_EQ(s.factor({.epoch = 29.9}), 1);
  EXPECT_EQ(s.factor({.epoch = 30}), 0.1);
  EXPECT_EQ(s.factor({.epoch = 99}), 0.01);
}

TEST(PiecewiseSchedule, tells_what_does_not_go_together) {
  EXPECT_EQ((PiecewiseSchedule{.boundaries = {30, 60}, .factors = {0.1, 0.01}}).fault(), "");
  EXPECT_EQ((PiecewiseSchedule{.boundaries = {30, 60}, .factors = {0.1}}).fault(),
            "2 boundaries and 1 factors: each boundary has one factor");
  EXPECT_EQ((PiecewiseSchedule{.boundaries = {30, 30}, .factors = {0.1, 0.2}}).fault(), "boundaries that do not rise");
}

}  // namespace
}  // namespace tend::piecewise_test
