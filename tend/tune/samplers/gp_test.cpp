#include "tend/tune/samplers/gp.h"

#include <algorithm>
#include <cmath>

#include "tend/tune/samplers/random.h"
#include "tend/tune/samplers_test.h"

namespace tend::gp_test {

TEST(Gp, needs_few_trials_where_random_values_need_many) {
  EXPECT_LT(mean_lowest(Gp{}, 25, 5), 0.1 * mean_lowest(RandomSampler{}, 25, 5));
}

/// Asks for `batches` of 8 trials before it knows their values. `nearest`: the least distance of two trials of one batch.
Study in_batches(std::size_t batches, std::uint64_t seed, double& nearest) {
  Study study = one_value_study("a = { uniform = [0.0, 1.0] }\nb = { uniform = [0.0, 1.0] }\nc = { uniform = [0.0, 1.0] }\n",
                                8 * batches);
  study.seed = seed;
  const auto distance = [](const SearchTrial& s, const SearchTrial& t) {
    double most = 0;
    for (std::size_t i = 0; i < s.units.size(); ++i) most = std::max(most, std::fabs(s.units[i] - t.units[i]));
    return most;
  };
  nearest = 1;
  for (std::size_t batch = 0; batch < batches; ++batch) {
    const std::size_t from = study.trials.size();
    for (std::size_t i = 0; i < 8; ++i) {
      Random random(study.seed, purpose("suggest"), static_cast<std::uint32_t>(study.trials.size()));
      study.add(Gp{}.suggest(study, random));
      for (std::size_t k = from; k < from + i; ++k) nearest = std::min(nearest, distance(study.trials[k], study.trials.back()));
    }
    for (std::size_t number = from; number < from + 8; ++number) {
      const std::vector<double>& u = study.trials[number].units;
      study.report(number, {(u[0] - 0.3) * (u[0] - 0.3) + (u[1] - 0.8) * (u[1] - 0.8) + (u[2] - 0.5) * (u[2] - 0.5)});
      study.trials[number].state = TrialState::completed;
    }
  }
  return study;
}

TEST(Gp, trials_that_are_asked_for_at_once_differ) {
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    double nearest = 0;
    const Study study = in_batches(4, seed, nearest);
    EXPECT_GT(nearest, 0.03) << seed;
    EXPECT_LT(lowest(study), 0.01) << seed;
  }
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
