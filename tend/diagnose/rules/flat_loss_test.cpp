#include "tend/diagnose/rules/flat_loss.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::flat_loss_test {

TEST(FlatLoss, is_found_in_a_log_of_losses_alone) {
  History h = healthy_history();
  h.parameters.clear();
  EXPECT_TRUE(FlatLoss{}.find(h).empty());
  for (std::size_t i = 0; i < h.windows.size(); ++i) h.windows[i].mean = 2.3 + 0.01 * static_cast<double>(i % 3);
  h.epochs.clear();
  const std::vector<Finding> f = FlatLoss{}.find(h);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].severity, Severity::warning);
  EXPECT_EQ(f[0].causes[0].first, "learning-rate-low");
  EXPECT_EQ(f[0].message.find("a guess among"), std::string::npos) << f[0].message;
  h.train = {{"loss", 2.3}, {"accuracy", 0.1}};
  EXPECT_NE(FlatLoss{}.find(h).at(0).message.find("a guess among 10 classes"), std::string::npos);
}

TEST(FlatLoss, a_loss_that_fell_and_came_back_did_fall) {
  History h = healthy_history();
  h.parameters.clear();
  for (std::size_t i = 150; i < h.windows.size(); ++i) h.windows[i].mean = 0.8;
  EXPECT_TRUE(FlatLoss{}.find(h).empty());
}

TEST(FlatLoss, a_long_log_that_falls_in_its_first_points_did_fall) {
  History h = healthy_history();
  h.parameters.clear(), h.epochs.clear();
  for (std::size_t i = 0; i < h.windows.size(); ++i) h.windows[i].mean = i < 2 ? 2.3 : 2.3 + 0.001 * static_cast<double>(i % 3);
  EXPECT_EQ(FlatLoss{}.find(h).size(), 1u);
  h.windows.resize(20000, h.windows.back());
  for (std::size_t i = 0; i < h.windows.size(); ++i) h.windows[i].mean = 2.3 + 0.001 * static_cast<double>(i % 3);
  EXPECT_EQ(FlatLoss{}.find(h).size(), 1u);
  for (std::size_t i = 0; i < 5; ++i) h.windows[i].mean = 5;  // a hundredth of the first tenth is not seen in its mean
  EXPECT_TRUE(FlatLoss{}.find(h).empty());
}

TEST(FlatLoss, is_not_seen_in_noise_or_where_the_validation_loss_falls) {
  History h = healthy_history();
  h.parameters.clear();
  h.windows.resize(50);
  for (std::size_t i = 0; i < h.windows.size(); ++i) h.windows[i].mean = i % 2 ? 0.2 : 2;
  EXPECT_TRUE(FlatLoss{}.find(h).empty());
  for (StepWindow& w : h.windows) w.mean = 0.7;
  EXPECT_TRUE(FlatLoss{}.find(h).empty());
  for (EpochReport& e : h.epochs) e.validation[0].second = 0.7;
  EXPECT_EQ(FlatLoss{}.find(h).size(), 1u);
}

TEST(FlatLoss, a_healthy_run_raises_nothing) { EXPECT_TRUE(FlatLoss{}.find(healthy_history()).empty()); }

}  // namespace tend::flat_loss_test
