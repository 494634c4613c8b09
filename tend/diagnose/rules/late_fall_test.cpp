#include "tend/diagnose/rules/late_fall.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::late_fall_test {

TEST(LateFall, of_a_loss_that_rests_at_its_start) {
  History h = healthy_history();
  for (std::size_t i = 0; i < h.windows.size(); ++i)
    h.windows[i].mean = i < 80 ? 2.3 + 0.01 * static_cast<double>(i % 3) : 2.3 / (1 + 0.1 * static_cast<double>(i - 80));
  const std::vector<Finding> f = LateFall{}.find(h);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].severity, Severity::info);
  EXPECT_EQ(f[0].causes[0].first, "init");
  EXPECT_NEAR(static_cast<double>(f[0].step), 81, 5);
  for (std::size_t i = 0; i < h.windows.size(); ++i) h.windows[i].learning_rate = 1e-4 * static_cast<double>(i + 1);
  EXPECT_EQ(LateFall{}.find(h)[0].causes[0].first, "learning-rate-low") << "the rate warms up meanwhile";
}

TEST(LateFall, a_loss_that_never_falls_is_none) {
  History h = healthy_history();
  for (StepWindow& w : h.windows) w.mean = 2.3;
  EXPECT_TRUE(LateFall{}.find(h).empty());
}

TEST(LateFall, a_healthy_run_raises_nothing) { EXPECT_TRUE(LateFall{}.find(healthy_history()).empty()); }

}  // namespace tend::late_fall_test
