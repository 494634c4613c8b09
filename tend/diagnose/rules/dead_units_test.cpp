#include "tend/diagnose/rules/dead_units.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::dead_units_test {

TEST(DeadUnits, of_nearly_a_whole_layer_are_a_warning_of_half_of_it_worth_knowing) {
  History h = healthy_history();
  h.layers[0].dead_fraction = 0.97;
  EXPECT_EQ(DeadUnits{}.find(h).at(0).severity, Severity::warning);
  EXPECT_EQ(DeadUnits{}.find(h)[0].layer, "relu_1");
  h.layers[0].dead_fraction = 0.6;
  EXPECT_EQ(DeadUnits{}.find(h).at(0).severity, Severity::info);
  h.layers[0].units = 4;
  EXPECT_TRUE(DeadUnits{}.find(h).empty());
}

TEST(DeadUnits, zeros_of_living_units_are_none) {
  History h = healthy_history();
  h.layers[0].zero_fraction = 0.95;
  EXPECT_TRUE(DeadUnits{}.find(h).empty());
}

TEST(DeadUnits, in_flight_they_are_found_after_three_looks) {
  History h = healthy_history();
  h.has_ended = false;
  LayersLook look{.step = 100, .layers = h.layers};
  look.layers[0].dead_fraction = 1;
  h.looks = {look, look};
  EXPECT_TRUE(DeadUnits{}.find(h).empty());
  h.looks.push_back(look);
  EXPECT_EQ(DeadUnits{}.find(h).at(0).severity, Severity::warning);
  h.looks[1].layers[0].dead_fraction = 0.5;
  EXPECT_TRUE(DeadUnits{}.find(h).empty());
}

TEST(DeadUnits, a_healthy_run_raises_nothing) { EXPECT_TRUE(DeadUnits{}.find(healthy_history()).empty()); }

}  // namespace tend::dead_units_test
