#include "tend/tune/stoppers/median.h"

#include "tend/tune/stoppers_test.h"

namespace tend::median_test {

TEST(Median, stops_what_is_worse_than_the_middle_of_the_others) {
  Study study = curves(9, {{1, 1}, {2, 2}, {3, 3}, {4, 4}, {5, 5}, {6, 5.9}, {6, 2}});
  EXPECT_EQ(Median{}.cause(study, study.trials[5]), "worse-than-median");
  EXPECT_EQ(Median{}.cause(study, study.trials[6]), "");  // its best value counts
  EXPECT_EQ(Median{}.cause(study, study.trials[0]), "");
  EXPECT_EQ(Median{.startup = 7}.cause(study, study.trials[5]), "");
  EXPECT_EQ(Median{.warmup = 2}.cause(study, study.trials[5]), "");
}

}  // namespace tend::median_test
