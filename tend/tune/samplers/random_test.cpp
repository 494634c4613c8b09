#include "tend/tune/samplers/random.h"

#include "tend/tune/samplers_test.h"

namespace tend::random_test {

TEST(RandomSampler, covers_the_space_and_repeats_no_level) {
  Study study = one_value_study("a = { uniform = [0.0, 1.0] }\nb = { int = [1, 4] }\n", 200);
  make_trials(study, RandomSampler{}, 200, [](const Value& v) { return v.find("a")->number(); });
  EXPECT_LT(lowest(study), 0.05);
  double mean = 0;
  for (const SearchTrial& t : study.trials) mean += t.units[0] / 200;
  EXPECT_NEAR(mean, 0.5, 0.08);
  Study small = one_value_study("b = { int = [1, 8] }\n", 8);
  make_trials(small, RandomSampler{}, 8, [](const Value& v) { return v.find("b")->number(); });
  std::vector<bool> seen(8);
  for (const SearchTrial& t : small.trials) seen[small.space.parameters[0].level_of(t.units[0])] = true;
  EXPECT_EQ(seen, std::vector<bool>(8, true));
}

TEST(RandomSampler, the_same_seed_gives_the_same_trials) {
  Study first = one_value_study(bowl_parameters, 5), second = first;
  make_trials(first, RandomSampler{}, 5, bowl);
  make_trials(second, RandomSampler{}, 5, bowl);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(first.trials[i].units, second.trials[i].units);
  EXPECT_NE(first.trials[0].units, first.trials[1].units);
}

}  // namespace tend::random_test
