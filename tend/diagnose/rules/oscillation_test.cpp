#include "tend/diagnose/rules/oscillation.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::oscillation_test {

TEST(Oscillation, of_a_loss_that_changes_direction_at_each_step) {
  History h = healthy_history();
  for (std::size_t i = 0; i < h.windows.size(); ++i) h.windows[i].mean = i % 2 ? 0.3 : 0.5;
  const std::vector<Finding> f = Oscillation{}.find(h);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].severity, Severity::info);
  EXPECT_EQ(f[0].causes[0].first, "learning-rate-high");
}

TEST(Oscillation, noise_of_batches_is_none) {
  History h = healthy_history();
  std::uint64_t state = 7;
  for (StepWindow& w : h.windows) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    w.mean = 0.5 + static_cast<double>(state >> 40) / static_cast<double>(1U << 24);
  }
  EXPECT_TRUE(Oscillation{}.find(h).empty());
}

TEST(Oscillation, a_healthy_run_raises_nothing) { EXPECT_TRUE(Oscillation{}.find(healthy_history()).empty()); }

}  // namespace tend::oscillation_test
