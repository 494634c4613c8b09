#include "tend/diagnose/rules/sudden_step.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::sudden_step_test {

TEST(SuddenStepRule, names_the_step_and_the_layer) {
  History h = healthy_history();
  h.sudden.push_back({.step = 90,
                      .parameter = "dense_2.weights",
                      .ratio_before = 1e-3,
                      .ratio = 0.2,
                      .rate_before = 0.01,
                      .rate = 1,
                      .loss_before = 0.3,
                      .loss_after = 9});
  const std::vector<Finding> f = SuddenStepRule{}.find(h);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].layer, "dense_2");
  EXPECT_EQ(f[0].first_step, 90);
  EXPECT_EQ(f[0].causes[0].first, "learning-rate-high");
  EXPECT_EQ(text_of(f[0].changes.at(0)), "update.optimizer.learning_rate = 0.01");
  h.sudden[0].rate = h.sudden[0].rate_before;
  h.sudden.insert(h.sudden.begin(),
                  {.step = 40, .parameter = "dense_1.weights", .loss_before = 0.5, .loss_after = 0.6, .has_harmed = false});
  EXPECT_EQ(SuddenStepRule{}.find(h).at(0).first_step, 90) << "what did harm comes before what did none";
  EXPECT_EQ(SuddenStepRule{}.find(h).at(0).causes[0].first, "data-quality");
  EXPECT_EQ(SuddenStepRule{}.find(h).at(0).severity, Severity::warning);
  History back = h;
  back.sudden.resize(1);
  EXPECT_NE(SuddenStepRule{}.find(back).at(0).message.find("stayed in bounds: from 0.5 to 0.6."), std::string::npos);
  back.sudden[0].loss_after = 5;
  EXPECT_NE(SuddenStepRule{}.find(back).at(0).message.find("rose from 0.5 to 5 for a few steps."), std::string::npos);
  h.members = 8;
  EXPECT_EQ(SuddenStepRule{}.find(h).at(0).severity, Severity::info) << "one network of eight";
}

TEST(SuddenStepRule, a_healthy_run_raises_nothing) { EXPECT_TRUE(SuddenStepRule{}.find(healthy_history()).empty()); }

}  // namespace tend::sudden_step_test
