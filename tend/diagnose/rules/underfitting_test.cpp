#include "tend/diagnose/rules/underfitting.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::underfitting_test {

History poor() {
  History h = healthy_history();
  h.train = {{"loss", 0.65}, {"accuracy", 0.58}};
  h.validation = {{"loss", 0.66}, {"accuracy", 0.57}};
  for (EpochReport& e : h.epochs) e.train[0].second = 0.65;
  return h;
}

TEST(Underfitting, is_a_bad_fit_of_training_rows_that_no_longer_improves) {
  const Finding f = Underfitting{}.find(poor()).at(0);
  EXPECT_EQ(f.severity, Severity::info);
  EXPECT_EQ(f.causes[0].first, "capacity");
}

TEST(Underfitting, of_a_log_without_shares_of_classes_is_none_where_the_answers_are_guesses) {
  History h = poor();
  h.most_frequent_fraction = 0;
  h.parameters.clear();
  h.windows.front().mean = 2.3;
  h.train = h.validation = {{"loss", 2.3}, {"accuracy", 0.105}};
  for (EpochReport& e : h.epochs) e.train[0].second = 2.3;
  EXPECT_TRUE(Underfitting{}.find(h).empty());
  h.train = h.validation = {{"loss", 2.1}, {"accuracy", 0.25}};
  EXPECT_EQ(Underfitting{}.find(h).size(), 1u);
}

TEST(Underfitting, is_none_while_the_loss_falls_or_where_validation_rows_are_worse) {
  History h = poor();
  h.epochs.back().train[0].second = 0.5;
  EXPECT_TRUE(Underfitting{}.find(h).empty());
  h = poor();
  h.validation[1].second = 0.5;
  EXPECT_TRUE(Underfitting{}.find(h).empty());
}

TEST(Underfitting, a_healthy_run_raises_nothing) { EXPECT_TRUE(Underfitting{}.find(healthy_history()).empty()); }

}  // namespace tend::underfitting_test
