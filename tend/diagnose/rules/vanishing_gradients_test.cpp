#include "tend/diagnose/rules/vanishing_gradients.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::vanishing_gradients_test {

TEST(VanishingGradients, are_a_warning_where_nothing_is_learned_and_worth_knowing_otherwise) {
  History h = healthy_history();
  for (ParameterWindow& w : h.parameters[0].windows) w.gradient_norm = 1e-6;
  EXPECT_EQ(VanishingGradients{}.find(h).at(0).severity, Severity::info);
  h.train[1].second = 0.52;
  const Finding f = VanishingGradients{}.find(h).at(0);
  EXPECT_EQ(f.severity, Severity::warning);
  EXPECT_EQ(f.layer, "dense_1");
  EXPECT_EQ(f.causes[0].first, "activation-hidden");
}

TEST(VanishingGradients, are_measured_for_the_size_of_a_tensor) {
  History h = healthy_history();
  h.parameters[0].elements = 10'000'000;  // its norm is that of the others: each element is smaller
  EXPECT_TRUE(VanishingGradients{}.find(h).empty());
}

TEST(VanishingGradients, a_healthy_run_raises_nothing) { EXPECT_TRUE(VanishingGradients{}.find(healthy_history()).empty()); }

}  // namespace tend::vanishing_gradients_test
