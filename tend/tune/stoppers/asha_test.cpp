#include "tend/tune/stoppers/asha.h"

#include "tend/tune/stoppers_test.h"

namespace tend::asha_test {

TEST(Asha, a_trial_waits_at_each_rung) {
  const Study study = curves(50, {{1}, {1, 1}, {1, 1, 1}, std::vector<double>(27, 1)});
  EXPECT_EQ(Asha{}.pause(study, study.trials[0]), 3U);
  EXPECT_EQ(Asha{}.pause(study, study.trials[2]), 9U);
  EXPECT_EQ(Asha{}.pause(study, study.trials[3]), 50U);
  EXPECT_TRUE(Asha{}.suspends(study, study.trials[0]));
  EXPECT_FALSE(Asha{}.suspends(study, study.trials[1]));
}

TEST(Asha, the_best_third_of_the_highest_rung_goes_on) {
  Study study = curves(50, {{5}, {3}});
  EXPECT_FALSE(Asha{}.promote(study));  // a third of two is none
  study = curves(50, {{5}, {3}, {4}});
  EXPECT_EQ(Asha{}.promote(study), 1U);
  study.trials[1].state = TrialState::stopped;
  EXPECT_FALSE(Asha{}.promote(study));
  study = curves(50, {{5, 2, 2}, {4, 1, 1}, {3, 3, 3}, {6}, {7}, {8}, {1}, {9}, {9}});
  EXPECT_EQ(Asha{}.promote(study), 1U);  // the higher rung first
  study.trials[1].state = TrialState::completed;
  EXPECT_EQ(Asha{}.promote(study), 6U);
}

}  // namespace tend::asha_test
