#include "tend/diagnose/rules/not_finite.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::not_finite_test {

TEST(NotFinite, names_step_place_and_the_high_rate) {
  History h = healthy_history();
  h.not_finite = {.step = 17, .phase = "forward", .layer = "dense_2"};
  h.parameters[0].windows[10].update_norm = 3;
  const std::vector<Finding> f = NotFinite{}.find(h);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].severity, Severity::critical);
  EXPECT_EQ(f[0].first_step, 17);
  EXPECT_EQ(f[0].layer, "dense_2");
  EXPECT_EQ(f[0].causes[0].first, "learning-rate-high");
  ASSERT_EQ(f[0].changes.size(), 1u);
  EXPECT_LT(f[0].changes[0].value.number(), 0.001);
}

TEST(NotFinite, names_the_row_of_the_data) {
  History h = healthy_history();
  h.not_finite = {.step = 3, .phase = "input", .row = 41};
  const std::vector<Finding> f = NotFinite{}.find(h);
  ASSERT_EQ(f.size(), 1u);
  EXPECT_EQ(f[0].causes[0].first, "data-quality");
  EXPECT_NE(f[0].message.find("row 42"), std::string::npos);
}

TEST(NotFinite, a_log_that_is_nearly_never_finite_is_a_warning) {
  History h = healthy_history();
  h.passing = {.step = 4, .phase = "loss"};
  h.passing_points = 1;
  EXPECT_EQ(NotFinite{}.find(h).at(0).severity, Severity::info);
  h.passing_points = 800;
  const Finding f = NotFinite{}.find(h).at(0);
  EXPECT_EQ(f.severity, Severity::warning);
  EXPECT_EQ(f.first_step, 4);
  EXPECT_NE(f.message.find("800 of 1000"), std::string::npos) << f.message;
}

TEST(NotFinite, a_validation_loss_is_a_finding_beside_that_of_the_training) {
  History h = healthy_history();
  h.held_out_not_finite = {.step = 60, .phase = "validation"};
  EXPECT_EQ(NotFinite{}.find(h).at(0).severity, Severity::warning);
  h.passing = {.step = 4, .phase = "loss"};
  EXPECT_EQ(NotFinite{}.find(h).size(), 2u);
}

TEST(NotFinite, a_healthy_run_raises_nothing) { EXPECT_TRUE(NotFinite{}.find(healthy_history()).empty()); }

}  // namespace tend::not_finite_test
