#include "tend/study/course.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tend::course_test {

CourseOptions options_of(const std::string& tune, std::size_t slots = 1) {
  CourseOptions options{.settings = read_fields<TuneSettings>(parse_toml(tune, "tune"), "tune"), .stages = {}};
  options.stages = read_stages(options.settings, 9);
  options.seed = 5;
  options.slots = slots;
  options.cost = [](const Value& p) { return 1 + p.find("a")->number(); };
  return options;
}

TrialReport report_of(const StudyCourse& course, const PlannedWork& work, double best) {
  const double a = course.parameters(work.trial).find("a")->number();
  TrialReport report{.values = {}, .training = {}, .trouble = {}};
  for (std::size_t e = work.from_epoch; e < work.to_epoch; ++e)
    report.values.push_back(1 + std::abs(a - best) - static_cast<double>(e) / 40);
  return report;
}

/// Runs a course to its end; with `known`, by decisions that were made before.
std::vector<PlannedWork> run(StudyCourse& course, double best = 0.3, const std::vector<PlannedWork>* known = nullptr) {
  std::vector<PlannedWork> all;
  while (true) {
    const PlannedWork* next = known && all.size() < known->size() ? &(*known)[all.size()] : nullptr;
    if (const auto work = course.next(next)) {
      all.push_back(*work);
      continue;
    }
    const auto awaited = course.awaited();
    if (!awaited) return all;
    course.take(report_of(course, all[*awaited], best));
  }
}

constexpr const char* one_parameter = "parameters = { a = { uniform = [0.0, 1.0] } }\n";

TEST(Course, keeps_its_slots_busy_until_the_budget_is_spent) {
  StudyCourse course(options_of(std::string(one_parameter) + "budget = 10", 3));
  const std::vector<PlannedWork> all = run(course);
  EXPECT_EQ(course.end(), "the budget of 90 epochs is spent");
  std::size_t epochs = 0;
  for (const PlannedWork& work : all) {
    epochs += work.to_epoch - work.from_epoch;
    for (const PlannedWork& other : all)
      if (other.number < work.number && other.slot == work.slot) EXPECT_LE(other.ends, work.starts);
  }
  EXPECT_EQ(epochs, 90U);
  EXPECT_NEAR(course.parameters(*course.best()).find("a")->number(), 0.3, 0.1);
}

TEST(Course, the_same_results_give_the_same_decisions_again) {
  const CourseOptions options = options_of(std::string(one_parameter) + "budget = 10", 3);
  StudyCourse first(options), second(options), third(options);
  const std::vector<PlannedWork> all = run(first), again = run(second), replayed = run(third, 0.3, &all);
  ASSERT_EQ(all.size(), again.size());
  ASSERT_EQ(all.size(), replayed.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].place, again[i].place);
    EXPECT_EQ(all[i].trial, replayed[i].trial);
    EXPECT_EQ(all[i].ends, replayed[i].ends);
  }
}

TEST(Course, decisions_of_other_rules_are_taken_as_they_are) {
  // As a store has them that another version of tend has written: what each trial is trained to, and which go on, differ.
  for (const char* others : {"stopper = { name = 'asha', eta = 2, first = 1 }\nbudget = 7", "stopper = 'none'\ntrials = 5",
                             "stopper = { name = 'hyperband', eta = 3 }\nbudget = 5"})
    for (const std::size_t slots : {1U, 3U}) {
      StudyCourse old(options_of(std::string(one_parameter) + others, slots));
      const std::vector<PlannedWork> all = run(old);
      CourseOptions options = options_of(std::string(one_parameter) + "budget = 20", slots);
      StudyCourse now(options);
      const std::vector<PlannedWork> replayed = run(now, 0.3, &all);
      ASSERT_GT(replayed.size(), all.size()) << "and the study goes on";
      for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_EQ(all[i].trial, replayed[i].trial) << others << i;
        EXPECT_EQ(all[i].from_epoch, replayed[i].from_epoch) << others << i;
        EXPECT_EQ(all[i].to_epoch, replayed[i].to_epoch) << others << i;
        EXPECT_EQ(all[i].place, replayed[i].place) << others << i;
      }
    }
}

TEST(Course, a_decision_that_cannot_follow_is_an_error) {
  const CourseOptions options = options_of(std::string(one_parameter) + "budget = 3");
  StudyCourse first(options), second(options);
  std::vector<PlannedWork> all = run(first);
  all[1].trial = 7;
  EXPECT_THROW(run(second, 0.3, &all), Error);
}

TEST(Course, results_count_in_the_order_of_planned_time) {
  StudyCourse course(options_of(std::string(one_parameter) + "trials = 4\nsampler = 'random'\nstopper = 'none'", 2));
  const auto first = course.next(), second = course.next();
  ASSERT_TRUE(first && second && !course.next());
  EXPECT_EQ(course.awaited(), first->ends <= second->ends ? first->number : second->number);
}

TEST(Course, the_first_trial_is_the_experiment_as_it_was_given) {
  CourseOptions options = options_of(std::string(one_parameter) + "trials = 2");
  options.first_place = {0.77};
  StudyCourse course(options);
  course.next();
  EXPECT_NEAR(course.parameters(0).find("a")->number(), 0.77, 1e-12);
}

TEST(Course, a_finer_stage_follows_the_coarse_one_near_its_best_trials) {
  StudyCourse course(options_of(std::string(one_parameter) +
                                "stages = [{ epochs = 2, trials = 30 }, { epochs = 9, trials = 8 }]\nstopper = 'none'"));
  const std::vector<PlannedWork> all = run(course, 0.6);
  EXPECT_EQ(course.trials(), 38U);
  EXPECT_EQ(course.searches().size(), 2U);
  for (const PlannedWork& work : all) {
    EXPECT_LE(work.to_epoch, work.stage == 0 ? 2U : 9U);
    EXPECT_EQ(work.stage, work.trial < 30 ? 0U : 1U);
    if (work.stage == 1) EXPECT_NEAR(course.parameters(work.trial).find("a")->number(), 0.6, 0.35);
  }
  EXPECT_GE(*course.best(), 30U);
  EXPECT_NE(course.notes().at(0).find("Stage 2"), std::string::npos);
}

TEST(Course, a_bound_moves_where_the_best_trials_lie_at_the_edge_and_the_value_is_possible) {
  CourseOptions options = options_of(
      "parameters = { a = { log_uniform = [0.001, 0.1] } }\ntrials = 40\nsampler = 'random'\nstopper = 'none'");
  options.widens = true;
  StudyCourse course(options);
  run(course, 0.9);
  ASSERT_FALSE(course.notes().empty());
  EXPECT_NE(course.notes()[0].find("upper edge"), std::string::npos);
  EXPECT_NE(course.notes()[0].find("widened by 10x"), std::string::npos);
  EXPECT_GT(course.parameters(*course.best()).find("a")->number(), 0.1);
  options.is_possible = [](const std::string&, const Value& v) { return v.number() <= 0.1; };
  StudyCourse bound(options);
  run(bound, 0.9);
  EXPECT_TRUE(bound.notes().empty());
}

TEST(Course, a_study_that_has_ended_goes_on_under_a_wider_limit) {
  CourseOptions options = options_of(std::string(one_parameter) + "trials = 5\nstopper = 'none'");
  StudyCourse first(options);
  const std::vector<PlannedWork> all = run(first);
  ASSERT_EQ(all.size(), 5U);
  options.limits = {{.from = 5, .trials = 9}};
  StudyCourse second(options);
  EXPECT_EQ(run(second, 0.3, &all).size(), 9U);
}

TEST(Course, wrong_stages_are_errors) {
  for (const char* stages :
       {"3", "[]", "[3]", "[{ epochs = 2 }]", "[{ epochs = 0, trials = 3 }]", "[{ epochs = 2, trials = 3, x = 1 }]"})
    EXPECT_THROW(read_stages(read_fields<TuneSettings>(parse_toml("stages = " + std::string(stages), "t"), "tune"), 9), Error)
        << stages;
}

}  // namespace tend::course_test
