#include "tend/tune/samplers/grid.h"

#include <set>

#include "tend/tune/samplers_test.h"

namespace tend::grid_test {

TEST(Grid, visits_each_point_once) {
  Study study = one_value_study("a = { uniform = [0.0, 1.0] }\nb = { choice = [\"x\", \"y\"] }\n", 12);
  make_trials(study, GridSampler{}, 12, [](const Value& v) { return v.find("a")->number(); });
  std::set<std::vector<double>> places;
  for (const SearchTrial& t : study.trials) places.insert(t.units);
  EXPECT_EQ(places.size(), 12U);  // 6 values of a, 2 of b
  std::set<double> values;
  for (const auto& place : places) values.insert(place[0]);
  EXPECT_EQ(values.size(), 6U);
}

TEST(Grid, the_number_of_points_can_be_given) {
  Study study = one_value_study("a = { uniform = [0.0, 1.0] }\nb = { uniform = [0.0, 1.0] }\n", 100);
  make_trials(study, GridSampler{.points = 3}, 9, [](const Value& v) { return v.find("a")->number(); });
  EXPECT_NEAR(lowest(study), 1.0 / 6, 1e-12);
}

}  // namespace tend::grid_test
