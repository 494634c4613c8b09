#include "tend/tune/stoppers/asha.h"

#include "tend/tune/stoppers_test.h"

namespace tend::asha_test {

TEST(Asha, a_trial_waits_at_each_rung) {
  const Study study = curves(50, {{1}, {1, 1}, {1, 1, 1}, std::vector<double>(27, 1)});
  EXPECT_EQ(Asha{.first = 1}.pause(study, study.trials[0]), 3U);
  EXPECT_EQ(Asha{.first = 1}.pause(study, study.trials[2]), 9U);
  EXPECT_EQ(Asha{.first = 1}.pause(study, study.trials[3]), 50U);
  EXPECT_TRUE(Asha{.first = 1}.suspends(study, study.trials[0]));
  EXPECT_FALSE(Asha{.first = 1}.suspends(study, study.trials[1]));
}

TEST(Asha, the_best_third_of_the_highest_rung_goes_on) {
  Study study = curves(50, {{5}, {3}});
  EXPECT_FALSE(Asha{.first = 1}.promote(study));  // a third of two is none
  study = curves(50, {{5}, {3}, {4}});
  EXPECT_EQ(Asha{.first = 1}.promote(study), 1U);
  study.trials[1].state = TrialState::stopped;
  EXPECT_FALSE(Asha{.first = 1}.promote(study));
  study = curves(50, {{5, 2, 2}, {4, 1, 1}, {3, 3, 3}, {6}, {7}, {8}, {1}, {9}, {9}});
  EXPECT_EQ(Asha{.first = 1}.promote(study), 1U);  // the higher rung first
  study.trials[1].state = TrialState::completed;
  EXPECT_EQ(Asha{.first = 1}.promote(study), 6U);
}

TEST(Asha, the_first_value_does_not_decide_where_it_may_be_that_of_the_network_as_initialized) {
  Study study = curves(50, {{1}, {1, 1}, {1, 1, 1, 1, 1, 1}});
  EXPECT_EQ(Asha{}.pause(study, study.trials[0]), 2U);
  EXPECT_FALSE(Asha{}.suspends(study, study.trials[0]));
  EXPECT_TRUE(Asha{}.suspends(study, study.trials[1]));
  EXPECT_EQ(Asha{}.pause(study, study.trials[2]), 18U);
  EXPECT_FALSE(Asha{}.promote(curves(50, {{5}, {3}, {4}})));
  EXPECT_EQ(Asha{}.promote(curves(50, {{3, 3}, {3, 2}, {4, 4}})), 1U);
  study.trials[0].original = 2;  // the cost before the first step is known: the first step is one of training
  EXPECT_TRUE(Asha{}.suspends(study, study.trials[0]));
  EXPECT_EQ(Asha{}.pause(study, study.trials[0]), 3U);
}

TEST(Asha, a_small_number_of_trials_waits_late) {
  Study study = curves(27, {{1}});
  study.most_trials = 6;
  EXPECT_EQ(Asha{}.pause(study, study.trials[0]), 9U);
  study.most_trials = 27;
  EXPECT_EQ(Asha{}.pause(study, study.trials[0]), 2U);
  study.most_trials = 2;
  EXPECT_EQ(Asha{}.pause(study, study.trials[0]), 27U) << "too few to choose among";
  study.most_trials = 6;
  study.budget_steps = 100;
  EXPECT_EQ(Asha{}.pause(study, study.trials[0]), 2U) << "the budget allows no more";
}

}  // namespace tend::asha_test
