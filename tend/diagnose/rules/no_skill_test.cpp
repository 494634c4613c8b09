#include "tend/diagnose/rules/no_skill.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::no_skill_test {

TEST(NoSkill, one_answer_for_all_rows_is_found) {
  History h = healthy_history();
  h.confusion = {.classes = 2, .counts = {50, 0, 50, 0}};
  const std::vector<Finding> f = NoSkill{}.find(h);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].severity, Severity::warning);
  EXPECT_NE(f[0].message.find("the same class to all 100 training rows"), std::string::npos) << f[0].message;
}

TEST(NoSkill, the_cause_follows_from_what_was_measured) {
  History h = healthy_history();
  h.confusion = {.classes = 2, .counts = {26, 24, 25, 25}};
  for (ParameterHistory& p : h.parameters)
    for (ParameterWindow& w : p.windows) w.update_norm = 1e-7;
  EXPECT_EQ(NoSkill{}.find(h).at(0).causes[0].first, "learning-rate-low");
  for (ParameterHistory& p : h.parameters)
    for (ParameterWindow& w : p.windows) w.update_norm = 0.5;
  EXPECT_EQ(NoSkill{}.find(h).at(0).causes[0].first, "learning-rate-high");
  h = healthy_history();
  h.task = Task::regression;
  h.train = {{"loss", 1}, {"r2", 0.001}};
  EXPECT_EQ(NoSkill{}.find(h).size(), 1u);
}

TEST(NoSkill, small_steps_of_dead_units_and_against_the_advice_of_a_check_are_no_low_rate) {
  History h = healthy_history();
  h.confusion = {.classes = 2, .counts = {50, 0, 50, 0}};
  for (ParameterHistory& p : h.parameters)
    for (ParameterWindow& w : p.windows) w.update_norm = 1e-7;
  History dead = h;
  dead.layers[0].dead_fraction = 1;
  EXPECT_EQ(NoSkill{}.find(dead).at(0).causes[0].first, "learning-rate-high");
  h.suggested_rate = 0.001;  // below the rate of the run
  EXPECT_EQ(NoSkill{}.find(h).at(0).causes[0].first, "learning-rate-high");
  EXPECT_EQ(NoSkill{}.find(h).at(0).changes.at(0).value.number(), 0.001);
  h.suggested_rate = 10;
  EXPECT_EQ(NoSkill{}.find(h).at(0).causes[0].first, "learning-rate-low");
}

TEST(NoSkill, a_large_class_and_a_short_run_are_not_judged) {
  History h = healthy_history();
  h.confusion = {.classes = 2, .counts = {95, 0, 5, 0}};
  h.most_frequent_fraction = 0.95;
  EXPECT_TRUE(NoSkill{}.find(h).empty());
  h = healthy_history();
  h.confusion = {.classes = 2, .counts = {50, 0, 50, 0}};
  h.steps = 10;
  EXPECT_TRUE(NoSkill{}.find(h).empty());
}

TEST(NoSkill, probabilities_better_than_the_shares_of_the_classes_are_skill) {
  History h = healthy_history();
  h.confusion = {.classes = 2, .counts = {740, 10, 240, 10}};
  h.most_frequent_fraction = 0.75;
  h.train = {{"loss", 0.56}, {"accuracy", 0.75}, {"calibrated_loss", 0.56}};  // the entropy of the shares is 0.562
  EXPECT_EQ(NoSkill{}.find(h).size(), 1u);
  h.train = {{"loss", 0.5}, {"accuracy", 0.75}, {"calibrated_loss", 0.5}};
  EXPECT_TRUE(NoSkill{}.find(h).empty());
  h.confusion = {.classes = 2, .counts = {490, 10, 490, 10}};  // equal classes: better probabilities give better answers
  h.most_frequent_fraction = 0.5;
  EXPECT_EQ(NoSkill{}.find(h).size(), 1u);
}

TEST(NoSkill, a_healthy_run_raises_nothing) { EXPECT_TRUE(NoSkill{}.find(healthy_history()).empty()); }

}  // namespace tend::no_skill_test
