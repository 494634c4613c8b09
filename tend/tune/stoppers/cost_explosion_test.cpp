#include "tend/tune/stoppers/cost_explosion.h"

#include "tend/tune/stoppers_test.h"

namespace tend::cost_explosion_test {

TEST(CostExplosion, stops_at_three_times_the_first_cost) {
  EXPECT_EQ(cause_of(CostExplosion{}, 10, {1, 2, 2.9}), "");
  EXPECT_EQ(cause_of(CostExplosion{}, 10, {1, 2, 3.1}), "cost-explosion");
  EXPECT_EQ(cause_of(CostExplosion{.factor = 5}, 10, {1, 2, 3.1}), "");
  EXPECT_EQ(cause_of(CostExplosion{}, 10, {1, std::nan("")}), "not-finite");
}

TEST(CostExplosion, the_training_loss_counts_if_it_is_known) {
  EXPECT_EQ(cause_of(CostExplosion{}, 10, {1, 9}, {1, 1}), "");
  EXPECT_EQ(cause_of(CostExplosion{}, 10, {1, 1}, {1, 4}), "cost-explosion");
}

TEST(CostExplosion, the_cost_before_the_first_step_is_the_original_one) {
  Study study = curves(10, {{9, 9}});
  study.trials[0].training = {9, 9};
  study.trials[0].original = 2.3;
  EXPECT_EQ(CostExplosion{}.cause(study, study.trials[0]), "cost-explosion");
  study.trials[0].original = 4;
  EXPECT_EQ(CostExplosion{}.cause(study, study.trials[0]), "");
}

TEST(CostExplosion, a_value_to_be_maximized_is_no_cost) {
  Study study = curves(10, {{0.2, 0.9}});
  study.maximizes = true;
  EXPECT_EQ(CostExplosion{}.cause(study, study.trials[0]), "");
}

}  // namespace tend::cost_explosion_test
