#include "tend/diagnose/rules/still_learning.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::still_learning_test {

TEST(StillLearning, a_loss_that_falls_to_the_end_asks_for_more_epochs) {
  History h = healthy_history();
  for (std::size_t e = 0; e < 10; ++e) h.epochs[e].validation[0].second = 1 - 0.08 * static_cast<double>(e);
  const std::vector<Finding> f = StillLearning{}.find(h);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].causes[0].first, "epochs");
  EXPECT_NE(f[0].advice.find("--epochs 20"), std::string::npos);
  h.status = "stopped";
  EXPECT_TRUE(StillLearning{}.find(h).empty());
}

TEST(StillLearning, a_healthy_run_raises_nothing) { EXPECT_TRUE(StillLearning{}.find(healthy_history()).empty()); }

}  // namespace tend::still_learning_test
