#include "tend/tune/stoppers/hyperband.h"

#include "tend/tune/stoppers_test.h"

namespace tend::hyperband_test {

TEST(Hyperband, more_trials_are_in_brackets_that_decide_early) {
  Study study = curves(27, {});
  const Hyperband hyperband;
  ASSERT_EQ(hyperband.brackets(study), 4U);
  std::vector<int> counts(4);
  for (std::size_t number = 0; number < 53; ++number) ++counts[hyperband.bracket_of(study, number)];
  EXPECT_GT(counts[0], counts[1]);
  EXPECT_GT(counts[1], counts[2]);
  EXPECT_GE(counts[2], counts[3]);
}

TEST(Hyperband, trials_wait_at_the_rungs_of_their_bracket_and_only_compete_inside_it) {
  Study study = curves(9, {{1}, {2}, {3}, {4}, {5}, {6}});
  const Hyperband hyperband;
  std::size_t first = 0;
  while (hyperband.bracket_of(study, first) != 0) ++first;
  EXPECT_EQ(hyperband.pause(study, study.trials[first]), 3U);
  EXPECT_TRUE(hyperband.suspends(study, study.trials[first]));
  ASSERT_TRUE(hyperband.promote(study));
  EXPECT_EQ(hyperband.bracket_of(study, *hyperband.promote(study)), 0U);
}

}  // namespace tend::hyperband_test
