#include "tend/diagnose/rules/overfitting.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::overfitting_test {

TEST(Overfitting, begins_where_the_validation_loss_is_lowest) {
  History h = healthy_history();
  for (std::size_t e = 4; e < 10; ++e) h.epochs[e].validation[0].second = 0.6 + 0.05 * static_cast<double>(e);
  const std::vector<Finding> f = Overfitting{}.find(h);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].severity, Severity::info);
  EXPECT_EQ(f[0].first_step, 80);
  ASSERT_EQ(f[0].changes.size(), 1u);
  EXPECT_EQ(f[0].changes[0].path, "train.early_stopping");
  h.restores_best = true;
  EXPECT_TRUE(Overfitting{}.find(h).at(0).changes.empty());
}

TEST(Overfitting, a_healthy_run_raises_nothing) { EXPECT_TRUE(Overfitting{}.find(healthy_history()).empty()); }

}  // namespace tend::overfitting_test
