#include "tend/diagnose/rules/lost_progress.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::lost_progress_test {

TEST(LostProgress, of_a_loss_that_comes_back_to_its_start) {
  History h = healthy_history();
  for (std::size_t i = 150; i < 200; ++i) h.windows[i].mean = 0.8;
  const std::vector<Finding> f = LostProgress{}.find(h);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].severity, Severity::warning);
  EXPECT_NEAR(static_cast<double>(f[0].first_step), 150, 12);
  h.restores_best = true;
  EXPECT_EQ(LostProgress{}.find(h)[0].severity, Severity::info);
}

TEST(LostProgress, a_spike_and_a_log_of_validation_losses_are_none) {
  History h = healthy_history();
  h.windows.back().mean = 5;
  EXPECT_TRUE(LostProgress{}.find(h).empty());
  for (std::size_t i = 150; i < 200; ++i) h.windows[i].mean = 0.8;
  h.train.clear();
  EXPECT_TRUE(LostProgress{}.find(h).empty());
}

TEST(LostProgress, few_noisy_losses_are_none) {
  History h = healthy_history();
  h.windows.resize(15);
  for (std::size_t i = 0; i < 15; ++i) h.windows[i].mean = i % 4 == 3 ? 4 : i % 2 ? 2 : 3;
  h.windows[6].mean = h.windows[8].mean = 1;
  EXPECT_TRUE(LostProgress{}.find(h).empty());
}

TEST(LostProgress, a_healthy_run_raises_nothing) { EXPECT_TRUE(LostProgress{}.find(healthy_history()).empty()); }

}  // namespace tend::lost_progress_test
