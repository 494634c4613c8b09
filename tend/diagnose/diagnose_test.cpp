#include "tend/diagnose/diagnose.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::diagnose_test {

namespace {

struct Grumpy {
  static constexpr auto fields = std::tuple<>{};
  static constexpr int place = 1;
  std::vector<Finding> find(const History&) const { return {{.message = "No."}}; }
};

TEST(Diagnose, a_check_before_the_first_step_explains_what_was_wrong_from_then_on) {
  const StartAlarm alarm{.check = "data_quality",
                         .cause = "data-quality",
                         .message = "1 of 300 targets is far from all others",
                         .has_changes = true};
  const Finding from_the_start{.rule = "no_skill",
                               .severity = Severity::warning,
                               .causes = {{"init", 0.75}, {"depth", 0.25}},
                               .first_step = 1,
                               .message = "The network has learned nothing.",
                               .changes = {{.path = "train.epochs", .value = 3}}};
  std::vector<Finding> all(4, from_the_start);
  all[1].first_step = 90;                 // began later
  all[2].causes = {{"data-quality", 1}};  // agrees
  all[3].severity = Severity::info;
  explain_by_checks(all, {alarm, alarm, {.check = "data_quality", .cause = "data-leak", .message = "Rows are copies"}});
  using Causes = std::vector<std::pair<std::string, double>>;
  EXPECT_EQ(
      all[0].message,
      "The network has learned nothing. Before the first step the check data_quality has found: 1 of 300 targets is far from "
      "all others.");
  ASSERT_EQ(all[0].causes.size(), 3u);
  EXPECT_EQ(all[0].causes[0].first, "data-quality");
  EXPECT_NEAR(all[0].causes[0].second, 0.6, 1e-12);
  EXPECT_NEAR(all[0].causes[1].second, 0.3, 1e-12);
  EXPECT_EQ(all[0].advice, "Repair first what the check data_quality found before the first step.");
  EXPECT_TRUE(all[0].changes.empty());
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_EQ(all[i].message, from_the_start.message) << i;
  EXPECT_EQ(all[1].causes, (Causes{{"init", 0.75}, {"depth", 0.25}}));
}

TEST(Diagnose, a_rate_measured_without_the_changes_that_other_checks_advise_is_not_advised) {
  Finding of_rate{.rule = "no_skill",
                  .severity = Severity::warning,
                  .causes = {{"learning-rate-high", 1}},
                  .first_step = 1,
                  .changes = {{.path = "update.optimizer.learning_rate", .value = 1e-7}}};
  const StartAlarm rate{.check = "learning_rate_range", .cause = "learning-rate-high", .message = {}, .has_changes = true},
      scale{.check = "data_statistics", .cause = "data-scale", .message = {}, .has_changes = true};
  std::vector<Finding> all{of_rate};
  explain_by_checks(all, {rate});
  EXPECT_EQ(all[0].changes.size(), 1u);
  explain_by_checks(all, {scale, rate});
  EXPECT_TRUE(all[0].changes.empty());
  EXPECT_NE(all[0].advice.find("data_statistics"), std::string::npos) << all[0].advice;
}

}  // namespace

TEST(Diagnose, tells_critical_findings_first_and_writes_the_fields_of_the_interface) {
  History h = healthy_history();
  h.not_finite = {.step = 17, .phase = "loss"};
  h.layers[0].dead_fraction = 0.6;
  h.status = "diverged";
  const std::vector<Finding> found = diagnose(h);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].rule, "not_finite");
  EXPECT_EQ(found[1].rule, "dead_units");
  const Value v = findings_to_value(found);
  for (const char* key :
       {"rule", "cause", "causes", "severity", "layer", "first_step", "step", "evidence", "message", "remedies"})
    EXPECT_NE(v.array_items()[0].find(key), nullptr) << key;
}

TEST(Diagnose, a_healthy_history_raises_nothing_and_every_cause_is_a_word_of_the_vocabulary) {
  EXPECT_TRUE(diagnose(healthy_history()).empty());
  EXPECT_TRUE(diagnose(History()).empty());
  History sick = healthy_history();
  sick.confusion = {.classes = 2, .counts = {50, 0, 50, 0}};
  sick.held_out = {.classes = 2, .counts = {60, 0, 25, 0}};
  sick.layers[0].dead_fraction = 1;
  sick.windows[120].highest = 50;
  for (const Finding& f : diagnose(sick)) {
    double sum = 0;
    for (const auto& [cause, share] : f.causes) {
      EXPECT_TRUE(is_cause(cause)) << cause;
      sum += share;
    }
    EXPECT_NEAR(sum, 1, 1e-9) << f.rule;
  }
}

TEST(Diagnose, findings_of_one_loss_are_not_joined_with_each_other) {
  History h = healthy_history();
  h.passing = {.step = 4, .phase = "loss"};
  h.passing_points = 100;
  h.held_out_not_finite = {.step = 60, .phase = "validation"};
  const std::vector<Finding> one = diagnose_logs({{"loss", h}});
  ASSERT_EQ(one.size(), 2u);
  for (const Finding& f : one) EXPECT_EQ(f.message.find("The same holds"), std::string::npos) << f.message;
  const std::vector<Finding> two = diagnose_logs({{"box_loss", h}, {"cls_loss", h}});
  ASSERT_EQ(two.size(), 2u);
  for (const Finding& f : two) {
    EXPECT_TRUE(f.message.starts_with("box_loss: ")) << f.message;
    EXPECT_TRUE(f.message.ends_with(" The same holds for cls_loss.")) << f.message;
  }
}

TEST(Diagnose, a_program_adds_rules_of_its_own) {
  Registry<RuleEntry> rules = builtin_rules();
  rules.add<RuleModel, Grumpy>("grumpy");
  EXPECT_EQ(diagnose(healthy_history(), rules).at(0).rule, "grumpy");
}

}  // namespace tend::diagnose_test
