#include "tend/tune/study.h"

#include <limits>

#include <gtest/gtest.h>

#include "tend/base/error.h"

namespace tend::study_test {

constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();

Study study_of(bool maximizes) {
  Study study{.space = read_search_space(parse_toml("a = { uniform = [0.0, 1.0] }", "study.toml")),
              .seed = 0,
              .maximizes = maximizes,
              .trials = {}};
  for (const double unit : {0.1, 0.2, 0.3}) study.add({unit});
  return study;
}

TEST(Study, values_of_a_trial_that_goes_on_are_added_to_its_earlier_ones) {
  Study study = study_of(false);
  study.report(1, {3, 2});
  study.report(1, {5});
  EXPECT_EQ(study.trials[1].values, (std::vector<double>{3, 2, 5}));
  EXPECT_EQ(study.best_value(1), 2.0);
}

TEST(Study, the_best_trial_has_the_lowest_or_the_highest_finite_value) {
  for (const bool maximizes : {false, true}) {
    Study study = study_of(maximizes);
    study.report(0, {2, -infinity, infinity});
    study.report(1, {1, nan});
    study.report(2, {nan});
    EXPECT_EQ(study.best_trial(), maximizes ? 0u : 1u);
  }
}

TEST(Study, of_equal_trials_the_earlier_one_is_the_best) {
  Study study = study_of(false);
  study.report(2, {1});
  study.report(1, {1});
  EXPECT_EQ(study.best_trial(), 1u);
}

TEST(Study, without_finite_values_there_is_no_best_trial) {
  Study study = study_of(false);
  EXPECT_FALSE(study.best_trial());
  study.report(0, {nan});
  EXPECT_FALSE(study.best_value(0));
  EXPECT_FALSE(study.best_trial());
}

TEST(Study, values_of_a_trial_that_has_not_begun_are_an_error) {
  Study study = study_of(false);
  EXPECT_THROW(study.report(3, {1}), Error);
}

}  // namespace tend::study_test
