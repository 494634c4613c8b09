#include "tend/tune/model_search.h"

#include <cmath>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include "tend/tune/sampling.h"

namespace tend::model_search_test {

TEST(HalfRankWarp, keeps_the_order_and_tames_what_is_bad) {
  const std::vector<double> costs{1, 2, 3, 4, 1e9, std::numeric_limits<double>::infinity(), 2.5};
  const std::vector<double> w = half_rank_warp(costs);
  EXPECT_LT(w[0], w[1]);
  EXPECT_LT(w[1], w[6]);
  EXPECT_LT(w[3], w[4]);
  EXPECT_EQ(w[4], w[5]);  // infinite: as the largest
  EXPECT_LT(w[4], 3);
  EXPECT_NEAR((w[6] - w[0]) / (w[1] - w[0]), 1.5, 1e-9);  // below the median distances are kept
  EXPECT_NEAR(std::accumulate(w.begin(), w.end(), 0.0), 0, 1e-9);
  EXPECT_EQ(half_rank_warp(std::vector<double>{5, 5, 5}), (std::vector<double>{0, 0, 0}));
}

TEST(StudyModel, a_trial_with_few_steps_says_less_of_its_end) {
  Study study{.space = read_search_space(parse_toml("a = { uniform = [0.0, 1.0] }", "study.toml")), .steps = 27, .trials = {}};
  Random random(1, 2);
  for (int i = 0; i < 20; ++i) {
    const std::size_t t = study.add(uniform_place(study.space, random));
    std::vector<double> values;
    for (int s = 1; s <= (i % 4 == 0 ? 27 : 3); ++s)
      values.push_back(1 / std::sqrt(s) + std::fabs(study.trials[t].units[0] - 0.5));
    study.report(t, values);
  }
  const StudyModel model(study);
  const auto end = model.at({{0.5}, {0.05}});
  EXPECT_LT(end[0].mean, end[1].mean);
  EXPECT_LT(end[0].mean, model.at({{0.5}}, 1)[0].mean);  // more steps, less cost
}

TEST(NearPlace, changes_at_least_one_parameter_and_stays_inside) {
  const SearchSpace space = read_search_space(parse_toml(
      "a = { uniform = [0.0, 1.0] }\nb = { int = [1, 3] }\nc = { choice = [1, 2] }\nd = { choice = [7] }", "study.toml"));
  Random random(1, 2);
  const std::vector<double> from = uniform_place(space, random);
  for (int i = 0; i < 200; ++i) {
    const std::vector<double> near = near_place(space, from, 0.3, 0.2, random);
    for (const double v : near) EXPECT_TRUE(v >= 0 && v <= 1) << v;
  }
}

}  // namespace tend::model_search_test
