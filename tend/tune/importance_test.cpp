#include "tend/tune/importance.h"

#include <gtest/gtest.h>

#include "tend/base/random.h"
#include "tend/tune/sampling.h"

namespace tend::importance_test {

Study random_study(std::string_view space, std::size_t trials, double (*cost)(const std::vector<double>&)) {
  Study study;
  study.space = read_search_space(parse_toml(space, "study.toml"));
  for (std::size_t i = 0; i < trials; ++i) {
    Random random(7, purpose("test"), static_cast<std::uint32_t>(i));
    const std::size_t number = study.add(uniform_place(study.space, random));
    study.report(number, {cost(study.trials[number].units)});
  }
  return study;
}

TEST(Importance, the_parameter_that_decides_has_most_of_it) {
  const Study study = random_study("a = { uniform = [0.0, 1.0] }\nb = { log_uniform = [1e-4, 1.0] }\nc = { choice = [1, 2, 3] }",
                                   200, [](const std::vector<double>& u) { return (u[1] - 0.7) * (u[1] - 0.7) + 0.01 * u[0]; });
  const std::vector<double> shares = parameter_importance(study);
  ASSERT_EQ(shares.size(), 3U);
  EXPECT_NEAR(shares[0] + shares[1] + shares[2], 1, 1e-12);
  EXPECT_GT(shares[1], 0.8);
}

TEST(Importance, a_choice_that_decides_has_most_of_it) {
  const Study study = random_study("a = { uniform = [0.0, 1.0] }\nc = { choice = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }", 200,
                                   [](const std::vector<double>& u) { return u[1] < 0.1 ? 0.1 * u[0] : 1 + 0.1 * u[0]; });
  EXPECT_GT(parameter_importance(study)[1], parameter_importance(study)[0]);
}

TEST(Importance, a_few_trials_say_nothing) {
  EXPECT_TRUE(parameter_importance(random_study("a = { uniform = [0.0, 1.0] }", 3, [](const auto& u) { return u[0]; })).empty());
}

}  // namespace tend::importance_test
