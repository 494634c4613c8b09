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
