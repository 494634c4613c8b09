#include "tend/diagnose/rules/loss_spike.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::loss_spike_test {

TEST(LossSpike, is_found_with_its_step) {
  History h = healthy_history();
  h.windows[120].highest = 50;
  const std::vector<Finding> f = LossSpike{}.find(h);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].first_step, 121);
  EXPECT_EQ(f[0].severity, Severity::info);
  h.members = 8;
  EXPECT_TRUE(LossSpike{}.find(h).empty()) << "networks that begin anew raise the mean";
}

TEST(LossSpike, a_healthy_run_raises_nothing) { EXPECT_TRUE(LossSpike{}.find(healthy_history()).empty()); }

}  // namespace tend::loss_spike_test
