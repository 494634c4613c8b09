#include "tend/tune/samplers/halton.h"

#include "tend/tune/samplers_test.h"

namespace tend::halton_test {

TEST(Halton, fills_each_axis_evenly) {
  Study study = one_value_study("a = { uniform = [0.0, 1.0] }\nb = { uniform = [0.0, 1.0] }\n", 54);
  make_trials(study, HaltonSampler{}, 54, [](const Value& v) { return v.find("a")->number(); });
  std::vector<int> halves(2), thirds(3);
  for (const SearchTrial& t : study.trials) {
    ++halves[static_cast<std::size_t>(2 * t.units[0])];
    ++thirds[static_cast<std::size_t>(3 * t.units[1])];
  }
  EXPECT_EQ(halves, (std::vector<int>{27, 27}));
  EXPECT_EQ(thirds, (std::vector<int>{18, 18, 18}));
}

TEST(Halton, another_seed_gives_another_sequence) {
  const SearchSpace space = read_search_space(parse_toml("a = { uniform = [0.0, 1.0] }", "study.toml"));
  EXPECT_NE(halton_place(space, 1, 0), halton_place(space, 2, 0));
  EXPECT_EQ(halton_place(space, 1, 7), halton_place(space, 1, 7));
}

}  // namespace tend::halton_test
