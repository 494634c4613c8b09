#include "tend/tune/samplers/nsga2.h"

#include "tend/tune/samplers/random.h"
#include "tend/tune/samplers_test.h"

namespace tend::nsga2_test {

TEST(Nsga2, is_better_than_random_values) {
  EXPECT_LT(mean_lowest(Nsga2{.population = 10}, 60), 0.5 * mean_lowest(RandomSampler{}, 60));
}

TEST(Nsga2, places_are_inside_and_failed_trials_do_not_disturb_it) {
  Study study = one_value_study(bowl_parameters, 60);
  make_trials(study, Nsga2{.population = 10}, 60,
              [](const Value& v) { return v.find("rate")->number() > 0.01 ? std::numeric_limits<double>::infinity() : bowl(v); });
  for (const SearchTrial& trial : study.trials)
    for (const double unit : trial.units) EXPECT_TRUE(unit >= 0 && unit <= 1);
  EXPECT_LT(lowest(study), 1);
}

}  // namespace tend::nsga2_test
