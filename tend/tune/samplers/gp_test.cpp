#include "tend/tune/samplers/gp.h"

#include "tend/tune/samplers/random.h"
#include "tend/tune/samplers_test.h"

namespace tend::gp_test {

TEST(Gp, needs_few_trials_where_random_values_need_many) {
  EXPECT_LT(mean_lowest(Gp{}, 25, 5), 0.1 * mean_lowest(RandomSampler{}, 25, 5));
}

TEST(Gp, values_that_are_not_finite_and_equal_ones_do_no_harm) {
  Study study = one_value_study(bowl_parameters, 15);
  int i = 0;
  make_trials(study, Gp{}, 12, [&](const Value&) { return ++i % 2 ? std::nan("") : 1.0; });
  EXPECT_EQ(study.trials.size(), 12U);
  Study none = one_value_study(bowl_parameters, 15);
  make_trials(none, Gp{}, 8, [](const Value&) { return INFINITY; });
  EXPECT_FALSE(none.best_trial());
}

TEST(Gp, a_small_space_is_searched_without_repetition) {
  Study study = one_value_study("a = { int = [1, 3] }\nb = { choice = [true, false] }\n", 6);
  make_trials(study, Gp{.startup = 2}, 6, [](const Value& v) { return v.find("a")->number(); });
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(study.space.at(study.trials[i].units), study.space.at(study.trials[j].units));
  make_trials(study, Gp{.startup = 2}, 1, [](const Value& v) { return v.find("a")->number(); });  // full: a known one again
}

}  // namespace tend::gp_test
