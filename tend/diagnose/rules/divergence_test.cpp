#include "tend/diagnose/rules/divergence.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::divergence_test {

TEST(Divergence, of_a_loss_that_ends_above_three_times_its_start) {
  History h = healthy_history();
  h.status = "diverged";
  h.train[0].second = 30;
  for (std::size_t i = 100; i < 200; ++i) h.windows[i].mean = 30;
  const std::vector<Finding> f = Divergence{}.find(h);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].severity, Severity::critical);
  EXPECT_EQ(f[0].first_step, 101);
  EXPECT_EQ(f[0].causes[0].first, "learning-rate-high");
  EXPECT_EQ(f[0].message.find("The training diverged: the loss fell from 0.7 to 0.117 at step 100, then rose to 30."), 0u)
      << f[0].message;
}

TEST(Divergence, a_healthy_run_raises_nothing) { EXPECT_TRUE(Divergence{}.find(healthy_history()).empty()); }

}  // namespace tend::divergence_test
