#include "tend/diagnose/rules/suppressed_updates.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::suppressed_updates_test {

/// A run whose steps are so many times smaller from step 91 on, after one huge gradient; later ones are `gradient` times as
/// large.
History fallen(double fall, double gradient = 1, double huge = 1e4) {
  History h = healthy_history();
  for (StepWindow& w : h.windows) w.mean = 0.6;
  for (ParameterHistory& p : h.parameters)
    for (std::size_t w = 90; w < p.windows.size(); ++w) p.windows[w].update_norm /= fall, p.windows[w].gradient_norm *= gradient;
  for (ParameterHistory& p : h.parameters) p.windows[90].gradient_norm = huge;
  return h;
}

TEST(SuppressedUpdates, of_an_optimizer_that_remembers_a_huge_gradient) {
  History h = fallen(100);
  const std::vector<Finding> f = SuppressedUpdates{}.find(h);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].severity, Severity::warning);
  EXPECT_EQ(f[0].first_step, 91);
  EXPECT_EQ(f[0].causes[0].first, "optimizer");
}

TEST(SuppressedUpdates, smaller_gradients_and_smaller_rates_are_none) {
  EXPECT_TRUE(SuppressedUpdates{}.find(fallen(100, 0.01)).empty());
  EXPECT_TRUE(SuppressedUpdates{}.find(fallen(10)).empty());
  History h = fallen(100);
  for (std::size_t w = 90; w < h.windows.size(); ++w) h.windows[w].learning_rate /= 100;
  EXPECT_TRUE(SuppressedUpdates{}.find(h).empty());
}

TEST(SuppressedUpdates, without_a_huge_gradient_there_is_none_and_where_the_loss_is_low_it_is_no_alarm) {
  EXPECT_TRUE(SuppressedUpdates{}.find(fallen(100, 1, 1)).empty());
  History h = fallen(100);
  h.windows.back().mean = 0.01;
  ASSERT_EQ(SuppressedUpdates{}.find(h).size(), 1u);
  EXPECT_EQ(SuppressedUpdates{}.find(h)[0].severity, Severity::info);
}

TEST(SuppressedUpdates, a_step_of_0_does_not_hide_it) {
  History h = fallen(100);
  for (ParameterHistory& p : h.parameters) p.windows[20].update_norm = p.windows[20].gradient_norm = 0;
  EXPECT_EQ(SuppressedUpdates{}.find(h).size(), 1u);
}

TEST(SuppressedUpdates, steps_that_have_recovered_are_none) {
  History h = fallen(100);
  for (ParameterHistory& p : h.parameters)
    for (std::size_t w = 185; w < p.windows.size(); ++w) p.windows[w].update_norm *= 100;
  EXPECT_TRUE(SuppressedUpdates{}.find(h).empty());
}

TEST(SuppressedUpdates, a_healthy_run_raises_nothing) { EXPECT_TRUE(SuppressedUpdates{}.find(healthy_history()).empty()); }

}  // namespace tend::suppressed_updates_test
