#include "tend/diagnose/rules/overfitting.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::overfitting_test {

TEST(Overfitting, begins_where_the_validation_loss_is_lowest) {
  History h = healthy_history();
  for (std::size_t e = 6; e < 10; ++e) h.epochs[e].validation[0].second = 0.6 + 0.05 * static_cast<double>(e);
  const std::vector<Finding> f = Overfitting{}.find(h);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].severity, Severity::info);
  EXPECT_EQ(f[0].first_step, 120);
  ASSERT_EQ(f[0].changes.size(), 1u);
  EXPECT_EQ(f[0].changes[0].path, "train.early_stopping");
  h.restores_best = true;
  EXPECT_TRUE(Overfitting{}.find(h).at(0).changes.empty());
}

TEST(Overfitting, is_a_warning_where_most_of_the_run_costs_what_it_had_gained) {
  History h = healthy_history();
  for (std::size_t e = 3; e < 10; ++e) {
    h.epochs[e].validation[0].second = 1 + 0.1 * static_cast<double>(e);
    h.epochs[e].train[0].second = 0.01;
  }
  ASSERT_EQ(Overfitting{}.find(h).size(), 1u);
  EXPECT_EQ(Overfitting{}.find(h)[0].severity, Severity::warning);
  EXPECT_EQ(text_of(Overfitting{}.find(h)[0].changes.at(0)), "train.early_stopping = { patience = 3, restore_best = true }");
  History kept = h;
  kept.restores_best = true;
  EXPECT_EQ(Overfitting{}.find(kept)[0].severity, Severity::info) << "the best state is kept";
  History more_right = h;
  more_right.epochs.back().validation[1].second = 0.9;
  EXPECT_EQ(Overfitting{}.find(more_right)[0].severity, Severity::info) << "it has more right answers than in its best epoch";
  for (EpochReport& e : h.epochs) e.train[0].second = std::max(e.train[0].second, 0.4 * e.validation[0].second);
  for (const Finding& f : Overfitting{}.find(h)) EXPECT_EQ(f.severity, Severity::info) << "the training rows are not memorized";
}

TEST(Overfitting, in_a_log_is_no_alarm_where_the_accuracy_still_grows) {
  History h = healthy_history();
  h.parameters.clear();
  for (std::size_t e = 0; e < 10; ++e) {
    h.epochs[e].validation = {{"loss", e < 4 ? 0.6 - 0.1 * static_cast<double>(e) : 0.2 * static_cast<double>(e)}, {"map", 0.5}};
    h.epochs[e].train[0].second = 0.5 / static_cast<double>(e + 1);
  }
  EXPECT_EQ(Overfitting{}.find(h).at(0).severity, Severity::warning);
  h.epochs[9].validation[1].second = 0.6;
  EXPECT_EQ(Overfitting{}.find(h).at(0).severity, Severity::info);
}

TEST(Overfitting, the_patience_that_it_advises_reaches_the_best_epoch) {
  History h = healthy_history();
  const double losses[] = {0.6, 0.5, 0.55, 0.56, 0.57, 0.58, 0.4, 0.8, 0.9, 1.0};
  for (std::size_t e = 0; e < 10; ++e)
    h.epochs[e].validation[0].second = losses[e], h.epochs[e].train[0].second = 0.5 - 0.04 * static_cast<double>(e);
  EXPECT_EQ(text_of(Overfitting{}.find(h).at(0).changes.at(0)), "train.early_stopping = { patience = 5, restore_best = true }");
}

TEST(Overfitting, a_healthy_run_raises_nothing) { EXPECT_TRUE(Overfitting{}.find(healthy_history()).empty()); }

}  // namespace tend::overfitting_test
