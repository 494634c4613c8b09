#include "tend/tune/samplers/tpe.h"

#include "tend/tune/samplers/random.h"
#include "tend/tune/samplers_test.h"

namespace tend::tpe_test {

TEST(Tpe, is_better_than_random_values) { EXPECT_LT(mean_lowest(Tpe{}, 60), 0.5 * mean_lowest(RandomSampler{}, 60)); }

TEST(Tpe, is_better_than_random_values_with_densities_of_each_parameter) {
  EXPECT_LT(mean_lowest(Tpe{.joint = false}, 60, 30), 0.6 * mean_lowest(RandomSampler{}, 60, 30));
}

TEST(Tpe, places_are_inside_and_failed_trials_do_not_disturb_it) {
  Study study = one_value_study(bowl_parameters, 60);
  make_trials(study, Tpe{}, 60,
              [](const Value& v) { return v.find("rate")->number() > 0.01 ? std::numeric_limits<double>::infinity() : bowl(v); });
  for (const SearchTrial& trial : study.trials)
    for (const double unit : trial.units) EXPECT_TRUE(unit >= 0 && unit <= 1);
  EXPECT_LT(lowest(study), 1);
}

}  // namespace tend::tpe_test
