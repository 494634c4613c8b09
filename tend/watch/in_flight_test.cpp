#include <cstring>

#include "tend/base/value.h"
#include "tend/check/checks_test.h"
#include "tend/diagnose/rules/suppressed_updates.h"
#include "tend/train/checkpoint.h"
#include "tend/train/run.h"
#include "tend/watch/watched_training.h"

namespace tend::in_flight_test {

const std::string relu = R"([{ dense = 16 }, "relu", { dense = 3 }])";

Experiment experiment_of(const std::string& policy, const std::string& more = "") {
  return small_experiment(
      relu, more + "[train]\nepochs = 20\nbatch_size = 16\n[watch]\nchecks = \"none\"\npolicy = \"" + policy + "\"\n");
}

/// Steps until `step` has been made.
void step_to(WatchedTraining& watched, std::int64_t step) {
  while (watched.training().engine().counters().step < step) ASSERT_TRUE(watched.step());
}

double accuracy_of(const Summary& summary) { return metric_of(summary.validation, "accuracy"); }

/// Sets the weights of a layer to zero, as a fault in a program around the training would.
void zero(WatchedTraining& watched, const char* name) {
  TrainingState state = watched.training().state();
  auto now = std::make_shared<Snapshot>(*state.now);
  const Place& place = *now->state.directory().find(name);
  std::memset(now->state.data() + place.offset_bytes, 0, static_cast<std::size_t>(place.bytes()));
  state.now = now;
  watched.training().restore(state);
}

TEST(InFlight, weights_that_something_else_writes_are_named_and_taken_back) {
  const Dataset data = small_classes();
  std::vector<Finding> told;
  std::vector<std::int64_t> returns;
  WatchOptions options;
  options.on_finding = [&](const Finding& f) { told.push_back(f); };
  options.on_return = [&](std::int64_t step) { returns.push_back(step); };
  WatchedTraining watched(experiment_of("repair"), data, options);
  step_to(watched, 100);
  zero(watched, "dense_2.weights");
  watched.run();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].rule, "outside_change");
  EXPECT_EQ(told[0].layer, "dense_2");
  EXPECT_EQ(told[0].first_step, 101);
  ASSERT_EQ(watched.repairs().size(), 1u);
  EXPECT_EQ(watched.repairs()[0].remedy, "roll_back");
  const std::int64_t from = watched.repairs()[0].goes_on_from;
  EXPECT_GE(from, 90) << "the end of epoch 6";
  EXPECT_LE(from, 100);
  EXPECT_EQ(returns, std::vector<std::int64_t>{from});
  WatchedTraining undisturbed(experiment_of("observe"), data);
  undisturbed.run();
  EXPECT_EQ(accuracy_of(watched.training().summary()), accuracy_of(undisturbed.training().summary()));
  EXPECT_EQ(watched.training().summary().history.size(), 20u);
}

TEST(InFlight, a_fault_within_a_long_epoch_costs_at_most_as_many_steps_as_lie_between_kept_states) {
  const Dataset data = small_classes(3000);
  const std::string one_epoch = "[update]\noptimizer = { name = \"adam\", learning_rate = 0.01 }\n";
  Experiment e = experiment_of("repair", one_epoch);
  e.train.epochs = 1;
  e.train.batch_size = 8;
  WatchedTraining watched(e, data);
  step_to(watched, 200);
  zero(watched, "dense_2.weights");
  watched.run();
  ASSERT_EQ(watched.repairs().size(), 1u);
  EXPECT_GE(watched.repairs()[0].goes_on_from, 200 - 64);
  EXPECT_LE(watched.repairs()[0].goes_on_from, 200);
  e.watch.policy = "observe";
  WatchedTraining undisturbed(e, data);
  undisturbed.run();
  EXPECT_EQ(accuracy_of(watched.training().summary()), accuracy_of(undisturbed.training().summary()));
}

TEST(InFlight, a_learning_rate_a_hundred_times_too_high_is_named_and_taken_back) {
  const Dataset data = small_classes();
  std::vector<Finding> told;
  WatchOptions options;
  options.on_finding = [&](const Finding& f) { told.push_back(f); };
  WatchedTraining watched(experiment_of("repair", "[update]\noptimizer = { name = \"sgd\", learning_rate = 0.2 }\n"), data,
                          options);
  step_to(watched, 130);
  watched.training().change({{.path = "update.optimizer.learning_rate", .value = 200.0}});
  watched.run();
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told[0].rule, "sudden_step");
  EXPECT_EQ(told[0].first_step, 131);
  EXPECT_EQ(told[0].causes[0].first, "learning-rate-high");
  EXPECT_GE(watched.repairs().size(), 1u);
  EXPECT_GT(accuracy_of(watched.training().summary()), 0.95);
}

TEST(InFlight, a_training_that_is_resumed_anywhere_is_repaired_as_one_that_was_never_stopped) {
  const Dataset data = small_classes();
  const Experiment experiment = experiment_of("repair", "[update]\noptimizer = { name = \"sgd\", learning_rate = 0.2 }\n");
  const auto spoilt_at_130 = [&](WatchedTraining& watched) {
    step_to(watched, 130);
    watched.training().change({{.path = "update.optimizer.learning_rate", .value = 200.0}});
  };
  WatchedTraining whole(experiment, data);
  spoilt_at_130(whole);
  whole.run();
  ASSERT_EQ(whole.repairs().size(), 1u);
  const Repair& wanted = whole.repairs()[0];
  for (const std::int64_t step : {60, 129, 130, 132, 133, 150, 290}) {
    WatchedTraining first(experiment, data);
    if (step < 130) step_to(first, step);
    else spoilt_at_130(first), step_to(first, step);
    const std::vector<std::byte> bytes = checkpoint_bytes(first.state());
    WatchedTraining second(experiment, data);
    second.resume(bytes, "checkpoint");
    if (step < 130) spoilt_at_130(second);
    second.run();
    const std::vector<Repair>& repairs = first.repairs().empty() ? second.repairs() : first.repairs();
    ASSERT_EQ(first.repairs().size() + second.repairs().size(), 1u) << step;
    EXPECT_EQ(repairs[0].text(), wanted.text()) << step;
    EXPECT_EQ(repairs[0].step, wanted.step) << step;
    const Block &a = second.training().engine().state(), &b = whole.training().engine().state();
    ASSERT_EQ(a.bytes(), b.bytes());
    EXPECT_EQ(std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.bytes())), 0) << step;
    EXPECT_EQ(to_json(findings_to_value(second.findings())), to_json(findings_to_value(whole.findings()))) << step;
  }
}

TEST(InFlight, an_interrupted_training_leaves_what_it_remembered_before_its_end) {
  const Dataset data = small_classes();
  WatchedTraining whole(experiment_of("advise"), data), first(experiment_of("advise"), data),
      second(experiment_of("advise"), data);
  whole.run();
  step_to(first, 131);
  first.interrupt();
  second.resume(checkpoint_bytes(first.state()), "checkpoint");
  second.run();
  ASSERT_EQ(second.history().windows.size(), whole.history().windows.size());
  EXPECT_EQ(second.history().windows[140].mean, whole.history().windows[140].mean);
  EXPECT_EQ(second.history().epochs.size(), whole.history().epochs.size());
  EXPECT_EQ(second.history().looks.size(), whole.history().looks.size());
  ASSERT_EQ(second.history().noise.size(), whole.history().noise.size());
}

TEST(InFlight, a_row_that_is_not_finite_is_named_and_imputed) {
  const Dataset whole = small_classes();
  Array x({300, 2}, ElementType::float32);
  for (std::int64_t i = 0; i < 600; ++i)
    x.as<float>()[i] = whole.x.type() == ElementType::float32 ? whole.x.as<float>()[i]
                                                              : static_cast<float>(whole.x.as<double>()[i]);
  x.as<float>()[14] = std::nanf("");
  const Dataset data = Dataset::classification(x, whole.y, 3);
  WatchedTraining watched(experiment_of("repair"), data);
  watched.run();
  ASSERT_GE(watched.repairs().size(), 1u);
  EXPECT_EQ(watched.repairs()[0].by, "not_finite");
  EXPECT_EQ(watched.repairs()[0].cause, "data-quality");
  EXPECT_EQ(watched.training().summary().status, "completed")
      << watched.training().summary().stop_reason << to_json(repairs_to_value(watched.repairs()));
  EXPECT_GT(accuracy_of(watched.training().summary()), 0.9);
}

TEST(InFlight, a_run_that_diverges_at_its_start_begins_anew_with_what_helps) {
  const Dataset data = small_classes();
  std::vector<std::int64_t> returns;
  WatchOptions options;
  options.on_return = [&](std::int64_t step) { returns.push_back(step); };
  WatchedTraining watched(experiment_of("repair", "[update]\noptimizer = { name = \"sgd\", learning_rate = 1e30 }\n"), data,
                          options);
  EXPECT_EQ(watched.run().status, "completed");
  EXPECT_GT(accuracy_of(watched.training().summary()), 0.9);
  EXPECT_EQ(returns, std::vector<std::int64_t>{0});
  Training plain(watched.experiment(), data);
  plain.run();
  EXPECT_EQ(plain.summary().validation, watched.training().summary().validation) << "a plain training of the repaired experiment";
}

/// Finds from step 200 on what the test says.
struct Late {
  static constexpr auto fields = std::tuple<>{};
  static constexpr int place = 1;
  std::vector<Finding> find(const History& h) const {
    if (h.steps < 200 || h.has_ended) return {};
    Finding f{.severity = Severity::warning, .first_step = 200};
    f.causes = {{"activation-hidden", 1}};
    f.message = "Units are dead.";
    return {f};
  }
};

TEST(InFlight, units_that_are_dead_late_are_revived_and_a_plain_training_of_the_repaired_experiment_has_the_same_bits) {
  const Dataset data = small_classes();
  Experiment e = experiment_of(
      "repair", "[update]\noptimizer = { name = \"sgd\", learning_rate = 0.1 }\n");  // units die in five steps at an absurd rate
  e.network.layers = *parse_toml(R"(all = [{ dense = 16 }, "relu", { dense = 16 }, "relu", { dense = 3 }])", "test").find("all");
  e.train.interventions = parse_json("[{\"step\": 150, \"rate_factor\": 50}, {\"step\": 155, \"rate_factor\": 0.02}]", "test");
  e.train.early_stopping = parse_toml("patience = 1000", "test");  // the best state is older than the repair
  Registry<RuleEntry> rules;
  rules.add<RuleModel, Late>("late");
  WatchOptions options;
  options.rules = &rules;
  WatchedTraining watched(e, data, options);
  watched.run();
  ASSERT_EQ(watched.repairs().size(), 1u);
  const Repair& repair = watched.repairs()[0];
  EXPECT_EQ(repair.remedy, "revived_units");
  EXPECT_EQ(repair.step, repair.goes_on_from);
  EXPECT_NE(repair.text().find("The training goes on from step "), std::string::npos) << repair.text();
  EXPECT_GT(metric_of(watched.training().summary().history.back().validation, "accuracy"), 0.8);
  EXPECT_TRUE(watched.history().outside.empty());
  EXPECT_LE(watched.training().summary().best_epoch, 10);
  ASSERT_EQ(watched.experiment().train.interventions.array_items().size(), 3u);
  Training plain(watched.experiment(), data);
  plain.run();
  EXPECT_EQ(plain.engine().state().hash(), watched.training().engine().state().hash());
  // A training that begins anew later has the interventions that were given, not those of repairs, also after it was resumed.
  WatchedTraining resumed(watched.experiment(), data, options);
  resumed.resume(checkpoint_bytes(watched.state()), "checkpoint");
  EXPECT_EQ(*resumed.state().watcher->facts.find("given_interventions"), e.train.interventions);
}

TEST(InFlight, an_optimizer_that_remembers_a_huge_gradient_begins_anew) {
  Dataset data = small_values(3000);  // one epoch, with one target that is far from all others
  Experiment e = small_experiment(R"([{ dense = 16 }, "tanh", { dense = 1 }])",
                                  "[update]\noptimizer = { name = \"adam\", learning_rate = 0.001 }\n[train]\nepochs = 1\n"
                                  "batch_size = 8\nshuffle = false\n[watch]\nchecks = \"none\"\npolicy = \"repair\"\n",
                                  true);
  WatchedTraining probe(e, data);
  data.y.as<double>()[probe.training().engine().plan().prepared().row_numbers(PartName::train)[500]] = 1e6;
  Registry<RuleEntry> rules;  // others say at the end that such a target hides all that was learnt
  rules.add<RuleModel, SuppressedUpdates>("suppressed_updates");
  WatchOptions options;
  options.rules = &rules;
  WatchedTraining repaired(e, data, options);
  repaired.run();
  e.watch.policy = "observe";
  WatchedTraining observed(e, data);
  observed.run();
  ASSERT_EQ(repaired.repairs().size(), 1u);
  EXPECT_EQ(repaired.repairs()[0].by, "suppressed_updates");
  EXPECT_EQ(repaired.repairs()[0].cause, "optimizer");
  EXPECT_EQ(repaired.repairs()[0].remedy, "fresh_optimizer");
  const auto r2 = [](const WatchedTraining& w) { return metric_of(w.training().summary().validation, "r2"); };
  EXPECT_GT(r2(repaired), r2(observed) + 0.2);
}

TEST(InFlight, policy_stop_ends_the_run_where_something_is_wrong) {
  const Dataset data = small_classes();
  WatchedTraining watched(experiment_of("stop"), data);
  step_to(watched, 100);
  zero(watched, "dense_1.weights");
  const Summary& summary = watched.run();
  EXPECT_EQ(summary.status, "stopped");
  EXPECT_EQ(summary.steps, 101);
  EXPECT_NE(summary.stop_reason.find("outside_change"), std::string::npos) << summary.stop_reason;
}

TEST(InFlight, under_advise_the_run_goes_on_and_the_finding_is_told_once) {
  const Dataset data = small_classes();
  int told = 0;
  WatchOptions options;
  options.on_finding = [&](const Finding&) { ++told; };
  WatchedTraining watched(experiment_of("advise"), data, options);
  step_to(watched, 100);
  zero(watched, "dense_1.weights");
  EXPECT_EQ(watched.run().steps, 300);
  EXPECT_EQ(told, 1);
  EXPECT_TRUE(watched.repairs().empty());
}

}  // namespace tend::in_flight_test
