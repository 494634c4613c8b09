#include "tend/update/schedules/one_cycle.h"

#include <gtest/gtest.h>

namespace tend::one_cycle_test {
namespace {

TEST(OneCycle, rises_and_falls_as_pytorchs_in_ten_steps) {
  const double wanted[] = {0.04,
                           0.52,
                           1.0,
                           0.9504846320134737,
                           0.8117456539497631,
                           0.6112620219362893,
                           0.38874197806371075,
                           0.18825834605023697,
                           0.049519367986526286,
                           4e-06};
  const OneCycle s;
  for (int step = 0; step < 10; ++step) EXPECT_NEAR(s.factor({.step = step, .steps = 10}), wanted[step], 1e-15) << step;
}

TEST(OneCycle, stays_at_the_last_rate_behind_the_run) { EXPECT_NEAR(OneCycle{}.factor({.step = 25, .steps = 10}), 4e-06, 1e-15); }

TEST(OneCycle, without_a_rise_begins_at_the_peak_and_without_a_fall_ends_there) {
  EXPECT_EQ((OneCycle{.warmup_fraction = 0}).factor({.step = 0, .steps = 10}), 1);
  EXPECT_EQ((OneCycle{.warmup_fraction = 1}).factor({.step = 9, .steps = 10}), 1);
}

TEST(OneCycle, a_run_of_one_step_has_the_peak) { EXPECT_EQ(OneCycle{}.factor({.step = 0, .steps = 1}), 1); }

}  // namespace
}  // namespace tend::one_cycle_test
