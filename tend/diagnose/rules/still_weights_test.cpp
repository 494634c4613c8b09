#include "tend/diagnose/rules/still_weights.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::still_weights_test {

TEST(StillWeights, weights_that_hardly_move_and_a_tensor_that_never_does_are_found) {
  History h = healthy_history();
  for (ParameterHistory& p : h.parameters)
    for (ParameterWindow& w : p.windows) w.update_norm = 1e-9;
  std::vector<Finding> f = StillWeights{}.find(h);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].causes[0].first, "learning-rate-low");
  EXPECT_GT(f[0].changes[0].value.number(), 100);
  h = healthy_history();
  for (ParameterWindow& w : h.parameters[0].windows) w.update_norm = w.gradient_norm = 0;
  f = StillWeights{}.find(h);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].layer, "dense_1");
  EXPECT_EQ(f[0].causes[0].first, "init");
}

TEST(StillWeights, a_healthy_run_raises_nothing) { EXPECT_TRUE(StillWeights{}.find(healthy_history()).empty()); }

}  // namespace tend::still_weights_test
