#include "tend/diagnose/rules/gradient_overflow.h"

#include <limits>

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::gradient_overflow_test {

constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();

/// A log: no parameters, and a gradient norm in each window.
History healthy_log() {
  History h = healthy_history();
  h.parameters.clear();
  for (StepWindow& w : h.windows) w.gradient_norm = 0.5;
  return h;
}

TEST(GradientOverflow, a_loss_of_0_beside_a_norm_that_is_not_finite_is_critical) {
  for (const double norm : {nan, infinite}) {
    History h = healthy_log();
    for (std::size_t i = 100; i < 200; ++i) h.windows[i].mean = 0, h.windows[i].gradient_norm = norm;
    const std::vector<Finding> f = GradientOverflow{}.find(h);
    ASSERT_EQ(f.size(), 1u);
    EXPECT_EQ(f[0].severity, Severity::critical);
    EXPECT_EQ(f[0].first_step, 101);
    EXPECT_EQ(f[0].causes[0].first, "numerics");
    EXPECT_NE(f[0].message.find("exactly 0 since step 101"), std::string::npos) << f[0].message;
    for (std::size_t i = 120; i < 200; ++i) h.windows[i] = healthy_log().windows[i];
    EXPECT_EQ(GradientOverflow{}.find(h).at(0).severity, Severity::warning) << "it came back";
  }
}

TEST(GradientOverflow, a_jump_to_0_without_a_norm_or_with_a_norm_of_0_is_found) {
  History h = healthy_log();
  for (std::size_t i = 100; i < 200; ++i) h.windows[i].mean = 0, h.windows[i].gradient_norm = 0;
  EXPECT_EQ(GradientOverflow{}.find(h).at(0).causes[0].first, "data-label");
  h.has_rewards = true;
  EXPECT_TRUE(GradientOverflow{}.find(h).empty());
  h.has_rewards = false;
  for (std::size_t i = 0; i < 100; ++i) h.windows[i].mean += 0.5;
  for (StepWindow& w : h.windows) w.gradient_norm.reset();
  EXPECT_TRUE(GradientOverflow{}.find(h).empty()) << "the validation loss is finite";
  for (EpochReport& e : h.epochs) e.validation.clear();
  const std::vector<Finding> f = GradientOverflow{}.find(h);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].causes[0].first, "numerics");
  EXPECT_EQ(f[0].severity, Severity::warning) << "a norm would say more";
  h.has_rewards = true;
  EXPECT_TRUE(GradientOverflow{}.find(h).empty());
}

/// A log of losses and nothing beside them.
History log_of(const std::vector<double>& losses) {
  History h;
  for (const double loss : losses) h.windows.push_back({.first = ++h.steps, .last = h.steps, .mean = loss, .highest = loss});
  h.has_ended = true, h.status = "completed";
  return h;
}

TEST(GradientOverflow, losses_that_reach_0_without_a_norm_are_healthy) {
  EXPECT_TRUE(GradientOverflow{}.find(log_of({1, 0.6, 0.35, 0.15, 0, 0, 0, 0, 0, 0, 0, 0})).empty()) << "hinge";
  EXPECT_TRUE(GradientOverflow{}.find(log_of({1.21, 0.42, 0.14, 0, 0, 0, 0})).empty()) << "rounded to four digits";
  EXPECT_TRUE(GradientOverflow{}.find(log_of({3, 2.1, 1.3, 0.6, 0, 0, 0, 0})).empty()) << "it was falling towards 0";
  EXPECT_TRUE(GradientOverflow{}.find(log_of(std::vector<double>(60, 0))).empty());
  EXPECT_EQ(GradientOverflow{}.find(log_of({2.5, 2.4, 2.3, 2.3, 0, 0, 0})).size(), 1u);
}

TEST(GradientOverflow, norms_that_are_not_finite_to_the_end_are_critical_where_the_loss_does_not_fall) {
  History h = healthy_log();
  for (std::size_t i = 100; i < 200; ++i) h.windows[i].mean = 0.2, h.windows[i].gradient_norm = infinite;
  EXPECT_EQ(GradientOverflow{}.find(h).at(0).first_step, 101);
  h = healthy_log();
  for (StepWindow& w : h.windows) w.gradient_norm = nan;
  EXPECT_TRUE(GradientOverflow{}.find(h).empty()) << "the loss falls";
}

TEST(GradientOverflow, a_loss_that_fell_to_0_and_a_scaler_that_begins_are_none) {
  History h = healthy_log();
  for (std::size_t i = 0; i < 200; ++i) h.windows[i].mean *= i < 150 ? std::pow(0.9, static_cast<double>(i)) : 0;
  EXPECT_TRUE(GradientOverflow{}.find(h).empty());
  for (std::size_t i = 0; i < 3; ++i) h.windows[i].gradient_norm = infinite;
  EXPECT_TRUE(GradientOverflow{}.find(h).empty());
}

TEST(GradientOverflow, a_healthy_run_raises_nothing) {
  EXPECT_TRUE(GradientOverflow{}.find(healthy_history()).empty());
  EXPECT_TRUE(GradientOverflow{}.find(healthy_log()).empty());
}

}  // namespace tend::gradient_overflow_test
