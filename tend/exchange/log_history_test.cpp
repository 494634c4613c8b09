#include <cmath>

#include <gtest/gtest.h>

#include "tend/diagnose/diagnose.h"
#include "tend/exchange/log.h"

namespace tend::log_history_test {

std::vector<Finding> findings_of(const std::string& name, const std::string& text) {
  return diagnose_logs(history_of(log_of_bytes(text, name), name).losses);
}

TEST(LogHistory, a_validation_loss_that_is_not_finite_hides_nothing_of_the_training_loss) {
  std::string text = "epoch,train_loss,val_loss\n";
  for (int e = 1; e <= 30; ++e)
    text += std::to_string(e) + "," + std::to_string(std::pow(1.4, e)) + "," +
            (e > 15 ? "inf" : std::to_string(std::pow(1.5, e))) + "\n";
  const std::vector<Finding> f = findings_of("diverges.csv", text);
  ASSERT_EQ(f.size(), 2u);
  EXPECT_EQ(f[0].rule, "divergence");
  EXPECT_EQ(f[0].severity, Severity::critical);
  EXPECT_EQ(f[1].rule, "not_finite");
  EXPECT_EQ(f[1].first_step, 16);
}

TEST(LogHistory, losses_below_0_and_those_of_an_agent_do_not_diverge) {
  std::string negative = "epoch,loss,val_loss\n", agent = "step,loss,reward\n";
  for (int i = 0; i < 30; ++i) {
    negative += std::to_string(i) + "," + std::to_string(-1 - 0.1 * i) + "," + std::to_string(-1 - 0.09 * i) + "\n";
    agent += std::to_string(i) + "," + std::to_string(0.0001 + 0.001 * i) + ",0.5\n";
  }
  EXPECT_TRUE(findings_of("negative.csv", negative).empty());
  EXPECT_TRUE(findings_of("agent.csv", agent).empty());
  std::string preferences = "step,loss,rewards/chosen\n";
  for (int i = 0; i < 30; ++i) preferences += std::to_string(i) + ",0.6931,0.0\n";
  EXPECT_EQ(findings_of("dpo.csv", preferences).at(0).rule, "flat_loss") << "DPO has no agent";
  std::string rows = "step,loss,val_loss,reward\n";
  for (int i = 0; i < 30; ++i) rows += std::to_string(i) + ",0.6931,0.6931,0.5\n";
  EXPECT_EQ(findings_of("rows.csv", rows).at(0).rule, "flat_loss") << "held-out rows: no agent";
}

}  // namespace tend::log_history_test
