#include "tend/diagnose/rules/exploding_gradients.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::exploding_gradients_test {

History with_norms(History h, double growth) {
  for (std::size_t i = 0; i < h.windows.size(); ++i)
    h.windows[i].gradient_norm = std::pow(growth, static_cast<double>(i) / static_cast<double>(h.windows.size()));
  return h;
}

TEST(ExplodingGradients, are_a_warning_where_the_loss_rises_too) {
  History h = with_norms(healthy_history(), 1e3);
  for (std::size_t i = 100; i < 200; ++i) h.windows[i].mean = 0.01 * static_cast<double>(i);
  const std::vector<Finding> f = ExplodingGradients{}.find(h);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].severity, Severity::warning);
  EXPECT_EQ(f[0].causes[0].first, "learning-rate-high");
  EXPECT_NEAR(static_cast<double>(f[0].first_step), 88, 3) << "10 times the median of the first fifth";
  EXPECT_EQ(ExplodingGradients{}.find(with_norms(healthy_history(), 1e3)).at(0).severity, Severity::info);
  EXPECT_TRUE(ExplodingGradients{}.find(with_norms(healthy_history(), 20)).empty())
      << "norms also grow where a training goes well";
}

TEST(ExplodingGradients, one_far_above_the_usual_is_worth_knowing) {
  History h = with_norms(healthy_history(), 1);
  h.windows[120].gradient_norm = 500;
  const std::vector<Finding> f = ExplodingGradients{}.find(h);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].severity, Severity::info);
  EXPECT_EQ(f[0].first_step, 121);
}

TEST(ExplodingGradients, a_healthy_run_raises_nothing) {
  EXPECT_TRUE(ExplodingGradients{}.find(healthy_history()).empty());
  EXPECT_TRUE(ExplodingGradients{}.find(with_norms(healthy_history(), 1)).empty());
}

}  // namespace tend::exploding_gradients_test
