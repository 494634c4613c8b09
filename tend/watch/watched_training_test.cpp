#include "tend/watch/watched_training.h"

#include <cstring>

#include "tend/check/checks_test.h"
#include "tend/train/run.h"

namespace tend::watched_training_test {

const std::string relu = R"([{ dense = 16 }, "relu", { dense = 3 }])";
const std::string dead_rate = "[update]\noptimizer = { name = \"adam\", learning_rate = 1e-8 }\n";

Experiment experiment_of(const std::string& more, const std::string& policy, const std::string& layers = relu) {
  return small_experiment(layers, more + "[watch]\npolicy = \"" + policy + "\"\n");
}
bool has_same_bits(const Training& a, const Training& b) {
  const Block &x = a.engine().state(), &y = b.engine().state();
  return x.bytes() == y.bytes() && std::memcmp(x.data(), y.data(), static_cast<std::size_t>(x.bytes())) == 0;
}

TEST(WatchedTraining, repairs_what_a_check_shows_and_tells_what_it_brought) {
  const Dataset data = small_classes();
  std::vector<std::string> told;
  WatchOptions options;
  options.on_repair = [&](const Repair& repair) { told.push_back(repair.text()); };
  WatchedTraining watched(experiment_of(dead_rate, "repair"), data, options);
  const PreflightReport& report = watched.check();
  EXPECT_TRUE(report.has_alarm()) << "the report is of the training as it was given";
  ASSERT_EQ(watched.repairs().size(), 1u);
  const Repair& repair = watched.repairs()[0];
  EXPECT_EQ(repair.cause, "learning-rate-low");
  EXPECT_EQ(repair.step, 0);
  EXPECT_GT(repair.comparison.gain, repair.comparison.noise);
  ASSERT_EQ(repair.old.size(), repair.changes.size());
  EXPECT_EQ(told, std::vector<std::string>{repair.text()});
  EXPECT_GT(metric_of(watched.training().run().validation, "accuracy"), 0.9);
}

TEST(WatchedTraining, has_after_a_repair_the_bits_of_a_plain_training_of_the_repaired_experiment) {
  const Dataset data = small_classes();
  WatchedTraining watched(experiment_of(dead_rate, "repair"), data);
  watched.check();
  ASSERT_FALSE(watched.repairs().empty());
  Training plain(watched.experiment(), data);
  watched.training().run();
  plain.run();
  EXPECT_TRUE(has_same_bits(watched.training(), plain));
}

TEST(WatchedTraining, judges_a_repair_of_a_pack_with_folds_by_rows_that_the_trials_left_out) {
  const Dataset data = small_classes(600);
  Experiment experiment = experiment_of("[train]\nepochs = 30\n" + dead_rate, "repair");
  experiment.data.validation = 0;
  experiment.network.pack = 10;
  experiment.network.pack_folds = 5;
  for (const char* checks : {"standard", "none"}) {  // repaired before the training; after it
    experiment.watch.checks = checks;
    WatchedTraining watched(experiment, data);
    watched.check();
    watched.run();
    ASSERT_FALSE(watched.repairs().empty()) << checks;
    EXPECT_TRUE(watched.repairs()[0].comparison.is_on_held_out) << watched.repairs()[0].text();
    EXPECT_EQ(watched.repairs()[0].comparison.rows, 600 / 5);
    EXPECT_GT(metric_of(watched.training().summary().validation, "accuracy"), 0.9) << checks;
  }
}

TEST(WatchedTraining, leaves_a_healthy_training_alone_under_every_policy) {
  const Dataset data = small_classes();
  Training plain(small_experiment(relu), data);
  plain.run();
  for (const char* policy : {"observe", "advise", "repair", "stop"}) {
    WatchedTraining watched(experiment_of("", policy), data);
    EXPECT_FALSE(watched.check().has_alarm());
    EXPECT_TRUE(watched.repairs().empty());
    EXPECT_FALSE(watched.advised());
    watched.training().run();
    EXPECT_TRUE(has_same_bits(watched.training(), plain)) << policy;
  }
}

TEST(WatchedTraining, advises_without_changing_anything) {
  const Dataset data = small_classes();
  Training plain(small_experiment(relu, dead_rate), data);
  WatchedTraining watched(experiment_of(dead_rate, "advise"), data);
  watched.check();
  EXPECT_TRUE(watched.repairs().empty());
  std::string changes;
  const auto advised = watched.advised(&changes);
  ASSERT_TRUE(advised);
  EXPECT_NE(changes.find("update.optimizer.learning_rate"), std::string::npos) << changes;
  plain.run(), watched.training().run();
  EXPECT_TRUE(has_same_bits(watched.training(), plain));
}

TEST(WatchedTraining, measures_the_learning_rate_that_it_advises_with_the_other_changes) {
  Dataset data = small_classes();
  for (std::int64_t i = 0; i < 2 * data.rows(); ++i) data.x.as<double>()[i] *= 30000;
  WatchedTraining watched(experiment_of("[update]\noptimizer = { name = \"sgd\", learning_rate = 5000.0 }\n", "advise"), data);
  watched.check();
  std::string changes;
  const auto advised = watched.advised(&changes);
  ASSERT_TRUE(advised);
  EXPECT_NE(changes.find("standardize"), std::string::npos) << changes;
  EXPECT_NE(changes.find("update.optimizer.learning_rate"), std::string::npos) << changes;
  Training plain(*advised, data);
  EXPECT_GT(metric_of(plain.run().validation, "accuracy"), 0.8) << changes;
}

TEST(WatchedTraining, makes_several_repairs_where_several_things_are_wrong) {
  const Dataset data = small_classes();
  WatchedTraining watched(
      experiment_of(dead_rate, "repair",
                    R"([{ dense = 16, initializer = "zeros" }, "relu", { dense = 3, initializer = "zeros" }])"),
      data);
  watched.check();
  EXPECT_GE(watched.repairs().size(), 1u);
  EXPECT_GT(metric_of(watched.training().run().validation, "accuracy"), 0.9);
}

TEST(WatchedTraining, takes_remedies_from_the_registry_that_it_is_given) {
  const Dataset data = small_classes();
  const Registry<RemedyEntry> none;
  WatchOptions options;
  options.remedies = &none;
  options.most_repairs = 1;
  WatchedTraining watched(experiment_of(dead_rate, "repair"), data, options);
  watched.check();
  ASSERT_EQ(watched.repairs().size(), 1u);
  EXPECT_EQ(watched.repairs()[0].remedy, watched.repairs()[0].by) << "the change that the check itself advises";
}

TEST(WatchedTraining, counts_what_was_tried_where_nothing_helps) {
  const Dataset data = small_classes();
  WatchOptions options;
  options.tournament.least_gain = 2;  // more than a score can gain
  WatchedTraining watched(experiment_of(dead_rate, "repair"), data, options);
  watched.check();
  EXPECT_TRUE(watched.has_alarms());
  EXPECT_TRUE(watched.repairs().empty());
  EXPECT_GT(watched.tried(), 3);
  WatchedTraining healthy(experiment_of("", "repair"), data);
  healthy.check();
  healthy.run();
  EXPECT_FALSE(healthy.has_alarms());
}

TEST(WatchedTraining, a_finding_advises_the_rate_that_a_check_has_measured) {
  const Dataset data = small_classes();
  WatchedTraining watched(experiment_of("[update]\noptimizer = { name = \"sgd\", learning_rate = 1e4 }\n", "advise"), data);
  double suggested = 0;
  for (const CheckLine& line : watched.check().lines)
    if (line.check == "learning_rate_range" && line.result.changes.size() == 1) suggested = line.result.changes[0].value.number();
  ASSERT_GT(suggested, 0);
  watched.run();
  int advised = 0;
  for (const Finding& finding : watched.findings())
    for (const Change& change : finding.changes)
      if (change.path == "update.optimizer.learning_rate") {
        EXPECT_EQ(change.value.number(), suggested) << finding.rule;
        ++advised;
      }
  EXPECT_GT(advised, 0) << to_json(findings_to_value(watched.findings()));
}

TEST(Repairs, are_written_as_other_programs_read_them) {
  Repair repair{.step = 3,
                .goes_on_from = 1,
                .by = "divergence",
                .cause = "learning-rate-high",
                .message = "The training diverged: the loss rose.",
                .remedy = "lower_rate",
                .changes = {{.path = "update.optimizer.learning_rate", .value = 0.1}},
                .old = {Value(1.0)},
                .comparison = {.before = 0.1, .after = 0.9, .gain = 0.8, .noise = 0.1, .steps = 20, .rows = 60, .seeds = 2}};
  const Value v = repairs_to_value({repair}).array_items().at(0);
  EXPECT_EQ(v.find("rule")->string(), "divergence");
  EXPECT_EQ(v.find("changes")->array_items().at(0).find("old")->number(), 1.0);
  EXPECT_EQ(v.find("changes")->array_items().at(0).find("new")->number(), 0.1);
  EXPECT_TRUE(v.find("verified")->boolean());
  EXPECT_EQ(
      repair.text(),
      "The training diverged (divergence, learning-rate-high). The training went back to step 1, with update.optimizer.learning_rate = "
      "0.1. After 20 steps the score on held-out rows (0: a constant answer, 1: perfect) was 0.9, without the change 0.1.");
  repair.goes_on_from = 0;
  EXPECT_EQ(
      repair.text(),
      "The training diverged (divergence, learning-rate-high). Changed: update.optimizer.learning_rate = 0.1. In a trial of 20 steps "
      "with 2 seeds the score on held-out rows (0: a constant answer, 1: perfect) was 0.9, without the change 0.1.");
}

TEST(Repairs, name_up_to_six_changes_and_of_more_those_of_the_network_first) {
  Repair repair;
  repair.message = "The loss is flat.";
  for (const char* key : {"train.a", "train.b", "train.c", "train.d", "train.e"})
    repair.changes.push_back({.path = key, .value = 1});
  repair.changes.push_back({.path = "network.layers.relu_1", .value = "tanh"});
  EXPECT_NE(repair.text().find("train.e = 1; network.layers.relu_1 = \"tanh\". In"), std::string::npos) << repair.text();
  repair.changes.insert(repair.changes.begin(), {.path = "train.z", .value = 1});
  EXPECT_NE(repair.text().find("Changed: network.layers.relu_1 = \"tanh\"; train.z = 1; train.a = 1; train.b = 1; train.c = 1; "
                               "train.d = 1; and 1 more change."),
            std::string::npos)
      << repair.text();
}

}  // namespace tend::watched_training_test
