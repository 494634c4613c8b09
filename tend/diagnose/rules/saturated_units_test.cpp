#include "tend/diagnose/rules/saturated_units.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::saturated_units_test {

History saturated() {
  History h = healthy_history();
  h.layers[0].at_ends = 0.97;
  return h;
}

TEST(SaturatedUnits, are_worth_knowing_and_a_warning_where_nothing_is_learned) {
  History h = saturated();
  EXPECT_EQ(SaturatedUnits{}.find(h).at(0).severity, Severity::info);
  h.train[1].second = 0.52;
  EXPECT_EQ(SaturatedUnits{}.find(h).at(0).severity, Severity::warning);
  EXPECT_EQ(SaturatedUnits{}.find(h)[0].layer, "relu_1");
}

TEST(SaturatedUnits, begin_with_the_first_look_that_saw_them) {
  History h = saturated();
  LayersLook open{.step = 50, .layers = h.layers}, closed{.step = 100, .layers = h.layers};
  open.layers[0].at_ends = 0.2;
  h.looks = {open, closed};
  EXPECT_EQ(SaturatedUnits{}.find(h).at(0).first_step, 100);
  h.looks = {closed};
  EXPECT_EQ(SaturatedUnits{}.find(h).at(0).first_step, 1);
}

TEST(SaturatedUnits, are_judged_after_early_stopping_too_and_the_rate_is_changed_only_where_they_came_later) {
  History h = saturated();
  h.status = "stopped";
  LayersLook open{.step = 50, .layers = h.layers}, closed{.step = 100, .layers = h.layers};
  open.layers[0].at_ends = 0.2;
  h.looks = {closed};
  EXPECT_TRUE(SaturatedUnits{}.find(h).at(0).changes.empty());
  h.looks = {open, closed};
  EXPECT_FALSE(SaturatedUnits{}.find(h).at(0).changes.empty());
}

TEST(SaturatedUnits, a_healthy_run_raises_nothing) { EXPECT_TRUE(SaturatedUnits{}.find(healthy_history()).empty()); }

}  // namespace tend::saturated_units_test
