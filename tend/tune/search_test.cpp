#include "tend/tune/search.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tend::search_test {

TuneSettings settings_of(std::string_view text) {
  TuneSettings settings;
  fields_of<TuneSettings>().read(&settings, parse_toml(text, "study.toml"), "tune");
  return settings;
}

constexpr std::string_view one_parameter = "parameters = { a = { uniform = [0.0, 1.0] } }\n";

/// Answers all questions of a search by value(a, step). Returns the sentence with which it ends.
template <class F>
std::string answer(Search& search, F value) {
  while (true) {
    const auto next = search.ask();
    if (const auto* why = std::get_if<std::string>(&next)) return *why;
    const Assignment& work = std::get<Assignment>(next);
    std::vector<double> values;
    for (std::size_t s = work.from_step; s < work.to_step; ++s)
      values.push_back(value(search.parameters(work.trial).find("a")->number(), static_cast<double>(s + 1)));
    search.tell(work.trial, values);
  }
}

TEST(Search, ends_when_its_trials_or_its_budget_are_spent) {
  Search trials(settings_of(std::string(one_parameter) + "trials = 7"), 1);
  EXPECT_EQ(answer(trials, [](double a, double) { return a; }), "all 7 trials have been given");
  EXPECT_EQ(trials.study().trials.size(), 7U);
  Search budget(settings_of(std::string(one_parameter) + "steps = 9\nbudget_steps = 40"), 1);
  EXPECT_EQ(answer(budget, [](double a, double s) { return 2 + a - s / 9; }), "the budget of 40 steps is spent");
  EXPECT_EQ(budget.study().steps_made(), 40U);
}

TEST(Search, the_best_of_a_number_of_trials_is_trained_to_its_end) {
  Search search(settings_of(std::string(one_parameter) + "steps = 27\ntrials = 6\nsampler = \"random\""), 1);
  EXPECT_EQ(answer(search, [](double a, double s) { return 2 + a - s / 27; }), "all 6 trials have been given");
  EXPECT_EQ(search.study().trials.size(), 6U);
  EXPECT_EQ(search.study().trials[*search.study().best_trial()].state, TrialState::completed);
  EXPECT_LT(search.study().steps_made(), 6U * 27U) << "the others wait";
}

TEST(Search, trials_are_suspended_promoted_and_stopped_with_a_cause) {
  Search search(settings_of(std::string(one_parameter) + "steps = 27\nbudget_steps = 600\nsampler = \"random\""), 1);
  answer(search, [](double a, double s) { return a > 0.8 ? (s < 2 ? 1.02 : 5.0) : a > 0.6 ? 1 : 1 + a - s / 40; });
  std::size_t completed = 0, waiting = 0, exploded = 0, flat = 0;
  for (const SearchTrial& t : search.study().trials) {
    completed += t.state == TrialState::completed;
    waiting += t.state == TrialState::waiting;
    exploded += t.cause == "cost-explosion";
    flat += t.cause == "flat";
    EXPECT_EQ(t.state == TrialState::completed, t.steps() == 27U);
  }
  EXPECT_GT(completed, 0U);
  EXPECT_GT(waiting, completed);
  EXPECT_GT(exploded, 0U);
  EXPECT_GT(flat, 0U);
  EXPECT_LT(search.study().trials[*search.study().best_trial()].units[0], 0.2);
}

TEST(Search, the_same_answers_give_the_same_search) {
  const TuneSettings settings = settings_of(std::string(one_parameter) + "steps = 9\nbudget_steps = 90");
  Search first(settings, 4), second(settings, 4);
  const auto value = [](double a, double s) { return 1 + a - s / 20; };
  answer(first, value);
  answer(second, value);
  ASSERT_EQ(first.study().trials.size(), second.study().trials.size());
  for (std::size_t i = 0; i < first.study().trials.size(); ++i) {
    EXPECT_EQ(first.study().trials[i].units, second.study().trials[i].units);
    EXPECT_EQ(first.study().trials[i].values, second.study().trials[i].values);
  }
}

TEST(Search, several_assignments_may_be_out_and_wrong_answers_change_nothing) {
  Search search(settings_of(std::string(one_parameter) + "trials = 9"), 1);
  const auto first = std::get<Assignment>(search.ask()), second = std::get<Assignment>(search.ask());
  EXPECT_NE(first.trial, second.trial);
  EXPECT_THROW(search.tell(5, {1.0}), Error);
  EXPECT_THROW(search.tell(0, {1.0, 2.0}), Error);
  EXPECT_THROW(search.tell(0, {1.0}, {1.0, 2.0}), Error);
  EXPECT_EQ(search.study().steps_made(), 0U);
  EXPECT_EQ(search.tell(second.trial, {0.5}).state, TrialState::completed);
  EXPECT_THROW(search.tell(second.trial, {0.5}), Error);
  EXPECT_EQ(search.tell(first.trial, {0.4}).state, TrialState::completed);
}

TEST(Search, a_training_that_ends_by_itself_completes_its_trial_and_one_in_trouble_is_stopped) {
  Search search(settings_of(std::string(one_parameter) + "steps = 9\ntrials = 2\nstopper = 'none'"), 1);
  const auto first = std::get<Assignment>(search.ask()), second = std::get<Assignment>(search.ask());
  const SearchTrial& whole = search.tell(first.trial, {.values = {0.5, 0.4}, .training = {}, .is_whole = true, .trouble = {}});
  EXPECT_EQ(whole.state, TrialState::completed);
  EXPECT_EQ(whole.steps(), 2U);
  const SearchTrial& wrong = search.tell(second.trial, {.values = {}, .training = {}, .trouble = "invalid"});
  EXPECT_EQ(wrong.state, TrialState::stopped);
  EXPECT_EQ(wrong.cause, "invalid");
  EXPECT_EQ(search.study().best_trial(), first.trial);
}

TEST(Search, a_place_that_is_known_is_taken_and_bounds_may_move) {
  Search search(settings_of("parameters = { a = { log_uniform = [0.001, 0.1] } }\ntrials = 3"), 1);
  EXPECT_EQ(search.parameters(std::get<Assignment>(search.ask({1.0})).trial).find("a")->number(), 0.1);
  search.move_bounds(0, 0.001, 1);
  EXPECT_NEAR(search.parameters(0).find("a")->number(), 0.1, 1e-12);
  EXPECT_NEAR(search.study().trials[0].units[0], 2.0 / 3, 1e-12);
  EXPECT_THROW(search.move_bounds(0, 0.001, 0.01), Error);
}

TEST(Search, wrong_settings_are_named) {
  const auto error_of = [](const std::string& text) -> std::string {
    try {
      Search(settings_of(text), 1);
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  };
  EXPECT_NE(error_of(std::string(one_parameter) + "sampler = 'bayes'").find("tune.sampler"), std::string::npos);
  EXPECT_NE(error_of(std::string(one_parameter) + "stopper = ['hyper']").find("tune.stopper"), std::string::npos);
  EXPECT_NE(error_of("direction = 'down'").find("minimize"), std::string::npos);
  EXPECT_EQ(error_of(std::string(one_parameter) + "stopper = 'none'\nsampler = { name = 'gp', startup = 3 }"), "");
}

}  // namespace tend::search_test
