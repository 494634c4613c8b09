#include "tend/diagnose/rules/noisy_gradients.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::noisy_gradients_test {
namespace {

/// The loss stays at 0.4 from the middle on, of which the noise costs so much.
History noisy(double cost) {
  History h = healthy_history();
  for (std::size_t i = 0; i < h.windows.size(); ++i) h.windows[i].mean = i < 100 ? 0.7 - 0.003 * static_cast<double>(i) : 0.4;
  for (const std::int64_t step : {50, 120, 150, 170, 200})
    h.noise.push_back({.step = step, .rows = 4, .signal = 0.01, .noise = 1, .cost = cost});
  h.steps_per_epoch = 200;
  h.train = {{"loss", 0.4}, {"accuracy", 0.7}};
  return h;
}

}  // namespace

TEST(NoisyGradients, is_a_warning_where_they_make_up_half_of_a_loss_that_no_longer_falls) {
  const std::vector<Finding> f = NoisyGradients{}.find(noisy(0.25));
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].severity, Severity::warning);
  EXPECT_EQ(f[0].causes[0].first, "batch-size");
  ASSERT_EQ(f[0].changes.size(), 1u);
  EXPECT_EQ(text_of(f[0].changes[0]), "train.batch_size = 32");
  EXPECT_NE(f[0].message.find("of its 0.4 about 0.25"), std::string::npos) << f[0].message;
}

TEST(NoisyGradients, is_no_warning_where_the_cost_is_less_or_the_network_has_learned) {
  ASSERT_EQ(NoisyGradients{}.find(noisy(0.12)).size(), 1u);
  EXPECT_EQ(NoisyGradients{}.find(noisy(0.12))[0].severity, Severity::info);
  History h = noisy(0.25);
  h.train = {{"loss", 0.4}, {"accuracy", 0.96}};
  EXPECT_EQ(NoisyGradients{}.find(h).at(0).severity, Severity::info);
}

TEST(NoisyGradients, a_lower_rate_is_the_change_where_epochs_are_short) {
  History h = noisy(0.25);
  h.steps_per_epoch = 10;
  EXPECT_EQ(text_of(NoisyGradients{}.find(h).at(0).changes.at(0)), "update.optimizer.learning_rate = 0.002");
}

TEST(NoisyGradients, of_a_loss_that_falls_or_a_rate_that_falls_are_nothing) {
  EXPECT_TRUE(NoisyGradients{}.find(noisy(0.05)).empty());
  EXPECT_TRUE(NoisyGradients{}.find(healthy_history()).empty());
  History h = noisy(0.25);
  for (std::size_t i = 150; i < h.windows.size(); ++i) h.windows[i].mean = 0.3;
  EXPECT_TRUE(NoisyGradients{}.find(h).empty());
  h = noisy(0.25);
  h.windows.back().learning_rate = 0.001;
  EXPECT_TRUE(NoisyGradients{}.find(h).empty());
  h = noisy(0.25);
  h.noise.pop_back();
  EXPECT_TRUE(NoisyGradients{}.find(h).empty()) << "three measurements are too few";
  h = noisy(0.04);
  h.noise.back().cost = 1;
  EXPECT_TRUE(NoisyGradients{}.find(h).empty()) << "one of four measurements is no proof";
}

}  // namespace tend::noisy_gradients_test
