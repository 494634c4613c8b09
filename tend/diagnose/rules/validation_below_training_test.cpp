#include "tend/diagnose/rules/validation_below_training.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::validation_below_training_test {

TEST(ValidationBelowTraining, is_told_where_all_of_the_last_epochs_agree) {
  History h = healthy_history();
  for (EpochReport& e : h.epochs) e.train[0].second = 0.8, e.validation[0].second = 0.2;
  const std::vector<Finding> f = ValidationBelowTraining{}.find(h);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].severity, Severity::info);
  h.epochs[8].validation[0].second = 0.6;
  EXPECT_TRUE(ValidationBelowTraining{}.find(h).empty());
}

TEST(ValidationBelowTraining, the_lag_of_the_training_loss_is_none) {
  History h = healthy_history();
  double loss = 1;
  for (EpochReport& e : h.epochs) {
    e.train[0].second = loss;
    e.validation[0].second = 0.45 * loss;
    loss *= 0.4;
  }
  EXPECT_TRUE(ValidationBelowTraining{}.find(h).empty());
}

TEST(ValidationBelowTraining, a_history_without_validation_rows_and_a_healthy_run_raise_nothing) {
  History h = healthy_history();
  EXPECT_TRUE(ValidationBelowTraining{}.find(h).empty());
  for (EpochReport& e : h.epochs) e.validation.clear();
  EXPECT_TRUE(ValidationBelowTraining{}.find(h).empty());
}

}  // namespace tend::validation_below_training_test
