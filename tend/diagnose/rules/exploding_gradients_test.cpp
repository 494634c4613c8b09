#include "tend/diagnose/rules/exploding_gradients.h"

#include <random>

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

TEST(ExplodingGradients, noise_of_the_losses_is_no_rise) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> noise;
  for (int i = 0; i < 200; ++i) {
    History h = healthy_history();
    h.windows.resize(30);
    for (StepWindow& w : h.windows) {
      const auto s = static_cast<double>(w.first);
      w.mean = std::max(0.05, 1 + std::exp(-s / 3) + 0.3 * noise(random));
      w.gradient_norm = 0.05 + 1.5 * std::clamp((s - 6) / 10, 0.0, 1.0);
    }
    for (const Finding& f : ExplodingGradients{}.find(h)) EXPECT_EQ(f.severity, Severity::info) << f.message;
  }
}

TEST(ExplodingGradients, are_seen_beside_losses_that_are_not_finite_at_the_end) {
  History h = with_norms(healthy_history(), 1e3);
  for (std::size_t i = 190; i < 200; ++i) h.windows[i].mean = std::nan("");
  h.not_finite = {.step = 191, .phase = "loss"};
  EXPECT_EQ(ExplodingGradients{}.find(h).at(0).severity, Severity::warning);
}

TEST(ExplodingGradients, an_agent_whose_loss_and_norm_rise_learns) {
  History h = with_norms(healthy_history(), 1e3);
  for (std::size_t i = 100; i < 200; ++i) h.windows[i].mean = 0.01 * static_cast<double>(i);
  h.has_rewards = true;
  EXPECT_TRUE(ExplodingGradients{}.find(h).empty());
}

TEST(ExplodingGradients, one_far_above_the_usual_is_worth_knowing) {
  History h = with_norms(healthy_history(), 1);
  h.windows[120].gradient_norm = 500;
  const std::vector<Finding> f = ExplodingGradients{}.find(h);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].severity, Severity::info);
  EXPECT_EQ(f[0].first_step, 121);
  EXPECT_NE(f[0].message.find("came back"), std::string::npos) << f[0].message;
  h.windows[120].gradient_norm = 1;
  h.windows[199].gradient_norm = 500;
  const Finding last = ExplodingGradients{}.find(h).at(0);
  EXPECT_EQ(last.first_step, 200);
  EXPECT_EQ(last.message.find("came back"), std::string::npos) << last.message;
}

TEST(ExplodingGradients, a_healthy_run_raises_nothing) {
  EXPECT_TRUE(ExplodingGradients{}.find(healthy_history()).empty());
  EXPECT_TRUE(ExplodingGradients{}.find(with_norms(healthy_history(), 1)).empty());
}

}  // namespace tend::exploding_gradients_test
