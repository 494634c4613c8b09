#include "tend/tune/stoppers/flat.h"

#include "tend/tune/stoppers_test.h"

namespace tend::flat_test {

TEST(Flat, stops_a_trial_that_has_not_learned_after_five_steps) {
  EXPECT_EQ(cause_of(Flat{}, 50, {2.3, 2.3, 2.301, 2.299, 2.3}), "flat");
  EXPECT_EQ(cause_of(Flat{}, 50, {2.3, 2.3, 2.301, 2.299}), "");  // not yet
  EXPECT_EQ(cause_of(Flat{}, 50, {2.3, 2.2, 2.3, 2.3, 2.3}), "");
  EXPECT_EQ(cause_of(Flat{}, 50, {2.3, 2.3, 2.3, 2.3, 2.3}, {2, 1.5, 1.2, 1, 1}), "");  // the training loss counts
  EXPECT_EQ(cause_of(Flat{}, 3, {1, 1, 1}), "");                                        // too short to judge
}

TEST(Flat, looks_when_its_steps_are_made) {
  const Study study = curves(50, {{2.3}});
  EXPECT_EQ(Flat{}.pause(study, study.trials[0]), 5U);
  EXPECT_EQ(Flat{.steps = 8}.pause(study, study.trials[0]), 8U);
}

}  // namespace tend::flat_test
