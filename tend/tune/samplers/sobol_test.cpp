#include "tend/tune/samplers/sobol.h"

#include "tend/tune/samplers_test.h"

namespace tend::sobol_test {

TEST(Sobol, has_the_points_of_the_published_direction_numbers) {
  // scipy.stats.qmc.Sobol(21, scramble=False): its points with the indices 5 and 37
  const std::vector<double> fifth{0.875, 0.875, 0.125, 0.375, 0.875, 0.625, 0.875, 0.375, 0.375, 0.125, 0.375,
                                  0.875, 0.875, 0.125, 0.875, 0.375, 0.875, 0.375, 0.375, 0.625, 0.625};
  const std::vector<double> another{0.921875, 0.640625, 0.578125, 0.921875, 0.765625, 0.296875, 0.171875,
                                    0.796875, 0.609375, 0.171875, 0.015625, 0.078125, 0.578125, 0.859375,
                                    0.109375, 0.484375, 0.796875, 0.421875, 0.046875, 0.140625, 0.953125};
  for (std::size_t d = 0; d < Sobol::dimensions; ++d) {
    EXPECT_EQ(Sobol::point(d, 5) / 4294967296.0, fifth[d]) << d;
    EXPECT_EQ(Sobol::point(d, 37) / 4294967296.0, another[d]) << d;
  }
}

TEST(Sobol, fills_each_axis_evenly) {
  Study study = one_value_study("a = { uniform = [0.0, 1.0] }\nb = { uniform = [0.0, 1.0] }\n", 64);
  make_trials(study, Sobol{}, 64, [](const Value& v) { return v.find("a")->number(); });
  for (const std::size_t axis : {0, 1}) {
    std::vector<int> parts(16);
    for (const SearchTrial& t : study.trials) ++parts[static_cast<std::size_t>(16 * t.units[axis])];
    EXPECT_EQ(parts, std::vector<int>(16, 4));
  }
}

}  // namespace tend::sobol_test
