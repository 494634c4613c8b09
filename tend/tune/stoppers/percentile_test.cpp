#include "tend/tune/stoppers/percentile.h"

#include "tend/tune/stoppers_test.h"

namespace tend::percentile_test {

TEST(Percentile, stops_what_is_not_in_the_best_share_at_the_same_step) {
  const Study study = curves(9, {{5, 1}, {5, 2}, {5, 3}, {5, 4}, {5, 5}, {5, 2.5}, {5, 1.5}});
  EXPECT_EQ(Percentile{}.cause(study, study.trials[5]), "worse-than-percentile");
  EXPECT_EQ(Percentile{}.cause(study, study.trials[6]), "");
  EXPECT_EQ(Percentile{.best = 0.6}.cause(study, study.trials[5]), "");
  EXPECT_EQ((Percentile{.startup = 7}.cause(study, study.trials[5])), "");
  EXPECT_EQ((Percentile{.warmup = 2}.cause(study, study.trials[5])), "");
}

}  // namespace tend::percentile_test
