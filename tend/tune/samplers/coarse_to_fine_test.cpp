#include "tend/tune/samplers/coarse_to_fine.h"

#include "tend/tune/samplers/random.h"
#include "tend/tune/samplers_test.h"

namespace tend::coarse_to_fine_test {

TEST(CoarseToFine, the_second_half_stays_near_the_best_of_the_first) {
  Study study = one_value_study("a = { uniform = [0.0, 1.0] }\n", 40);
  make_trials(study, CoarseToFine{.box = 0.1}, 40, [](const Value& v) { return std::fabs(v.find("a")->number() - 0.3); });
  for (std::size_t i = 20; i < 40; ++i) EXPECT_NEAR(study.trials[i].units[0], 0.3, 0.15) << i;
  EXPECT_LT(lowest(study), 0.005);
}

TEST(CoarseToFine, is_better_than_random_values) { EXPECT_LT(mean_lowest(CoarseToFine{}, 40), mean_lowest(RandomSampler{}, 40)); }

}  // namespace tend::coarse_to_fine_test
