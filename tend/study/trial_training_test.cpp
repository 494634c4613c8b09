#include "tend/study/trial_training.h"

#include "tend/record/run_facts.h"
#include "tend/study/trial_test.h"
#include "tend/train/run.h"

namespace tend::trial_training_test {

TEST(TrialTraining, a_trial_that_is_suspended_ten_times_has_the_bits_of_one_that_is_not) {
  Trial t;
  const TrialResult whole = make_epochs(t.plan, {}, 0, 11, 1, {});
  std::optional<TrainingState> state;
  TrialReport parts{.values = {}, .training = {}, .trouble = {}};
  for (std::int64_t epoch = 0; epoch < 11; ++epoch) {
    TrialResult result = make_epochs(t.plan, state, epoch, epoch + 1, 1 + static_cast<int>(epoch % 3), {});
    parts.values.insert(parts.values.end(), result.report.values.begin(), result.report.values.end());
    state = result.state;
  }
  EXPECT_EQ(parts.values, whole.report.values);
  ASSERT_TRUE(state && whole.state);
  EXPECT_TRUE(have_same_bits(*state, *whole.state));
  const TrialResult last = make_epochs(t.plan, state, 11, 12, 1, {});
  EXPECT_TRUE(last.report.is_whole);
  EXPECT_FALSE(last.state);
}

TEST(TrialTraining, one_that_is_stopped_goes_on_where_it_was) {
  Trial t;
  std::stop_source stop;
  stop.request_stop();
  const TrialResult stopped = make_epochs(t.plan, {}, 0, 3, 1, stop.get_token());
  EXPECT_TRUE(stopped.was_interrupted);
  EXPECT_TRUE(stopped.report.values.empty());
  EXPECT_EQ(make_epochs(t.plan, stopped.state, 0, 3, 1, {}).report.values, make_epochs(t.plan, {}, 0, 3, 1, {}).report.values);
}

TEST(TrialTraining, a_stop_that_falls_on_the_last_step_of_an_epoch_does_not_end_the_trial) {
  Trial t;
  for (int steps = 1; steps <= 30; ++steps) {  // of three epochs: a stop after each step, by events of an equal training
    std::stop_source stop;
    Training training(t.plan, {.threads = 1,
                               .on_event =
                                   [&](const Event& e) {
                                     if (e.kind == Event::Kind::step && e.step == steps) stop.request_stop();
                                   },
                               .stop = stop.get_token(),
                               .places = {},
                               .is_trial = true});
    training.run();
    const TrialResult rest = make_epochs(t.plan, training.state(), 0, 3, 1, {});
    EXPECT_FALSE(rest.report.is_whole) << steps;
    EXPECT_EQ(rest.report.values.size(), 3U) << steps;
  }
}

TEST(TrialTraining, a_loss_that_is_not_finite_is_the_trouble_of_its_trial) {
  Trial t;
  const TrialResult result = make_epochs(t.plans.plan(parse_toml("\"update.optimizer.learning_rate\" = 1e30", "p"), 12), {}, 0, 9,
                                         1, {});
  EXPECT_EQ(result.report.trouble, "not-finite");
  EXPECT_FALSE(result.state);
}

TEST(TrialTraining, one_that_is_watched_reports_what_the_rules_find_and_has_the_same_values) {
  Trial t;
  const auto plan = t.plans.plan(parse_toml("\"update.optimizer.learning_rate\" = 30.0", "p"), 12);
  const TrialResult watched = make_epochs(plan, {}, 0, 6, 1, {}, true), plain = make_epochs(plan, {}, 0, 6, 1, {});
  EXPECT_FALSE(watched.report.findings.empty());
  EXPECT_TRUE(plain.report.findings.empty());
  EXPECT_EQ(watched.report.values.size(), plain.report.values.size());
  EXPECT_TRUE(make_epochs(t.plan, {}, 0, 6, 1, {}, true).report.findings.empty());  // a healthy one
}

TEST(TrialTraining, measures_the_metric_of_the_study_with_the_bits_of_a_plain_training_and_few_others) {
  SmallStudy small("parameters = { \"update.optimizer.learning_rate\" = { log_uniform = [1e-3, 1.0] } }");
  small.experiment.train.early_stopping = parse_toml("patience = 3", "early stopping");
  const auto prepared = Prepared::make(small.data, small.experiment);
  for (const std::string metric : {"validation.loss", "validation.accuracy", "validation.roc_auc", "validation.calibrated_loss",
                                   "validation.balanced_accuracy", "train.f1_macro", "train.calibration_error"}) {
    small.experiment.train.metric = metric;
    const auto plan = Plan::make(small.experiment, prepared);
    Training plain(plan, {.threads = 1, .isa = plan->isa(), .on_event = {}, .stop = {}, .places = {}});
    const Summary& summary = plain.run();
    const TrialReport report = make_epochs(plan, {}, 0, 9, 1, {}).report;
    ASSERT_EQ(report.values.size(), summary.history.size()) << metric;
    for (std::size_t e = 0; e < report.values.size(); ++e) {
      EXPECT_EQ(report.values[e], value_at(metric, summary.history, static_cast<std::int64_t>(e) + 1)) << metric;
      EXPECT_EQ(report.training[e], summary.history[e].batch_loss) << metric;
    }
    EXPECT_EQ(report.original, metric_of(summary.initial, "loss")) << metric;
    const std::string name = metric.substr(metric.find('.') + 1);
    const TrainingState state = *make_epochs(plan, {}, 0, 1, 1, {}).state;
    for (const Metrics& measured : {state.initial, state.history[0].validation, state.history[0].train})
      for (const auto& [key, value] : measured) EXPECT_TRUE(is_main_metric(key) || key == name) << key;
    EXPECT_TRUE(std::isfinite(metric_of(state.history[0].validation, "loss")));
  }
}

TEST(TrialPlans, share_programs_where_only_inputs_of_a_step_differ) {
  Trial t;
  EXPECT_EQ(&t.plan->programs(), &t.plans.base().programs());
  const Value wide = parse_toml("\"network.layers.dense_1.dense\" = 16", "p");
  const auto first = t.plans.plan(wide, 12), second = t.plans.plan(wide, 3);
  EXPECT_NE(&first->programs(), &t.plans.base().programs());
  EXPECT_EQ(&first->programs(), &second->programs());
  EXPECT_EQ(&first->prepared(), &t.plans.base().prepared());
  EXPECT_GT(TrialPlans::flops_of_epoch(*first), TrialPlans::flops_of_epoch(*t.plan));
}

TEST(TrialPlans, values_are_applied_from_whole_entries_to_their_settings) {
  SmallStudy small("parameters = { width = { ordinal = [4, 8], paths = [\"network.layers.0.dense\"] } }");
  const SearchSpace space = read_search_space(*small.experiment.tune.find("parameters"));
  const Experiment e = experiment_with(
      small.experiment,
      parse_toml("width = 4\n\"update.optimizer.learning_rate\" = 0.5\n\"update.optimizer.name\" = \"adam\"", "p"), space);
  EXPECT_EQ(e.update.optimizer.find("name")->string(), "adam");
  EXPECT_EQ(e.update.optimizer.find("learning_rate")->number(), 0.5);
  EXPECT_EQ(e.network.layers.array_items()[0].find("dense")->integer(), 4);
  EXPECT_THROW(experiment_with(small.experiment, parse_toml("\"data.validation\" = 0.5", "p"), space), Error);
  EXPECT_THROW(experiment_with(small.experiment, parse_toml("\"train.metric\" = \"train.loss\"", "p"), space), Error);
  EXPECT_EQ(place_of(small.experiment, space), std::vector<double>{0.75});
}

}  // namespace tend::trial_training_test
