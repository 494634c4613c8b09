#include "tend/diagnose/rules/outside_change.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::outside_change_test {

TEST(OutsideChangeRule, names_the_step_and_the_layer) {
  History h = healthy_history();
  h.outside.push_back({120, "dense_1.weights", "dense_1", 5.0, 0.0, 0.01});
  const std::vector<Finding> f = OutsideChangeRule{}.find(h);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].layer, "dense_1");
  EXPECT_EQ(f[0].first_step, 120);
  EXPECT_EQ(f[0].severity, Severity::warning);
}

TEST(OutsideChangeRule, a_healthy_run_raises_nothing) { EXPECT_TRUE(OutsideChangeRule{}.find(healthy_history()).empty()); }

}  // namespace tend::outside_change_test
