#include "tend/diagnose/rules/normalization_drift.h"

#include <gtest/gtest.h>

#include "tend/diagnose/rules_test.h"

namespace tend::normalization_drift_test {

History drifting() {
  History h = healthy_history();
  h.normalizes_over_rows = true;
  for (EpochReport& e : h.epochs) e.batch_loss = metric_of(e.train, "loss");
  for (std::size_t e = 8; e < 10; ++e) h.epochs[e].train[0].second = 0.5, h.epochs[e].batch_loss = 0.1;
  h.train[1].second = 0.7;
  return h;
}

TEST(NormalizationDrift, is_a_loss_in_inference_far_above_that_of_the_batches) {
  const Finding f = NormalizationDrift{}.find(drifting()).at(0);
  EXPECT_EQ(f.severity, Severity::warning);
  EXPECT_EQ(f.causes[0].first, "architecture");
}

TEST(NormalizationDrift, is_an_info_where_the_answers_are_right_all_the_same) {
  History h = drifting();
  h.train[1].second = 0.98;
  EXPECT_EQ(NormalizationDrift{}.find(h).at(0).severity, Severity::info);
}

TEST(NormalizationDrift, needs_two_epochs_and_a_layer_that_normalizes_over_rows) {
  History h = drifting();
  h.epochs[8].batch_loss = 0.5;
  EXPECT_TRUE(NormalizationDrift{}.find(h).empty());
  h = drifting();
  h.normalizes_over_rows = false;
  EXPECT_TRUE(NormalizationDrift{}.find(h).empty());
}

TEST(NormalizationDrift, a_healthy_run_raises_nothing) {
  History h = healthy_history();
  h.normalizes_over_rows = true;
  for (EpochReport& e : h.epochs) e.batch_loss = 1.1 * metric_of(e.train, "loss");
  EXPECT_TRUE(NormalizationDrift{}.find(h).empty());
}

}  // namespace tend::normalization_drift_test
