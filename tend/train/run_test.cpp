#include "tend/train/run.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/base/random.h"
#include "tend/train/model_parts.h"
#include "tend/train/training.h"

namespace tend::run_test {
namespace {

/// Images of 6 x 6 in two classes, some of them noise; enough rows for 5 whole batches and a smaller one.
Dataset images(std::int64_t n = 85) {
  Array x({n, 6, 6, 1}, ElementType::float32), y({n, 1}, ElementType::float64);
  Random random(7, purpose("run test"));
  for (std::int64_t i = 0; i < x.shape().count(); ++i)
    x.as<float>()[i] = static_cast<float>(random.normal() + static_cast<double>(i / 36 % 2));
  for (std::int64_t i = 0; i < n; ++i) y.as<double>()[i] = static_cast<double>(i % 2);
  return Dataset::classification(x, y, 2);
}

/// The settings of a run as an experiment file writes them.
struct Setting {
  std::string name, layers = plain, update = {}, train = {}, prepare = {}, loss = {};
  static constexpr const char* plain = R"("flatten", { dense = 8 }, "relu", { dense = 2 })";
};

Experiment experiment_of(const Setting& s, const std::string& optimizer) {
  return Experiment::parse("seed = 3\ndata.validation = 0.2\n[prepare]\n" + s.prepare + "\n[network]\nlayers = [" + s.layers +
                               "]\n[loss]\nname = \"softmax_cross_entropy\"\n" + s.loss + "\n[update]\noptimizer = " + optimizer +
                               "\n" + s.update + "\n[train]\nepochs = 4\nbatch_size = 12\n" + s.train,
                           s.name);
}

const std::vector<Setting>& settings() {
  static const std::vector<Setting> all{
      {.name = "plain"},
      {.name = "batch_norm", .layers = R"({ conv2d = 3 }, "batch_norm", "relu", "flatten", { dense = 2 })"},
      {.name = "dropout", .layers = R"("flatten", { dense = 8 }, "relu", { dropout = 0.4 }, { dense = 2 })"},
      {.name = "augmentation", .prepare = R"(steps = [{ random_crop = 6, padding = 2 }, "flip_horizontal"])"},
      {.name = "averages",
       .layers = R"("flatten", { dense = 6 }, "batch_norm", "elu", { dense = 2 })",
       .train = "weight_average = 0.9"},
      {.name = "schedule", .update = R"(schedule = { name = "cosine", warmup_steps = 5 })"},
      {.name = "penalties and clipping",
       .layers = R"("flatten", { dense = 8, l2 = 0.01, l1 = 0.001, max_norm = 1.0 }, "tanh", { dense = 2 })",
       .update = "clip_norm = 0.5\nclip_value = 0.3\nweight_decay = 0.01"},
      {.name = "early stopping", .train = "early_stopping = { patience = 1 }"},
      {.name = "weights of classes and smooth labels", .loss = "class_weights = \"balanced\"\nlabel_smoothing = 0.1"}};
  return all;
}

std::vector<std::byte> bytes_of(const Block& state) { return {state.data(), state.data() + state.bytes()}; }

std::shared_ptr<const Plan> plan_of(const Experiment& experiment, const Dataset& data) {
  return Plan::make(experiment, Prepared::make(data, experiment));
}

/// The losses of this many steps.
std::vector<double> losses(Run& run, int steps) {
  std::vector<double> all;
  for (int s = 0; s < steps; ++s) all.push_back(run.step().loss);
  return all;
}

/// Pairs each optimizer of the shelf with every setting in turn: each optimizer meets at least five settings.
TEST(Training, goes_on_from_a_snapshot_with_the_bits_of_one_that_was_never_stopped) {
  const Dataset data = images();
  Random random(1, purpose("where to stop"));
  const std::vector<std::string> optimizers = builtin_optimizers().names();
  int combinations = 0;
  for (std::size_t o = 0; o < optimizers.size(); ++o)
    for (std::size_t k = 0; k < 5; ++k) {
      const Setting& setting = settings()[(o * 5 + k) % settings().size()];
      const Experiment e = experiment_of(setting, "\"" + optimizers[o] + "\"");
      SCOPED_TRACE(optimizers[o] + ", " + setting.name);
      TrainingOptions options;
      options.threads = 1;
      Training whole(e, data, options), stopped(e, data, options);
      const std::uint64_t stop = 1 + random.below(23);  // of 24 steps, mostly within an epoch
      for (std::uint64_t s = 0; s < stop && stopped.step(); ++s) {
      }
      options.threads = 2;
      Training resumed(e, data, options);
      resumed.restore(stopped.state());
      whole.run();
      resumed.run();
      EXPECT_EQ(bytes_of(resumed.engine().state()), bytes_of(whole.engine().state()));
      EXPECT_EQ(resumed.summary().status, whole.summary().status);
      EXPECT_EQ(resumed.summary().epochs, whole.summary().epochs);
      EXPECT_EQ(resumed.summary().validation, whole.summary().validation);
      EXPECT_EQ(resumed.model().to_bytes(), whole.model().to_bytes());
      ++combinations;
    }
  EXPECT_GE(combinations, 60);
}

TEST(Run, a_fork_takes_the_steps_of_its_run_across_the_ends_of_epochs) {
  const Dataset data = images(1300);
  const auto pool = make_pool(2);
  for (const Setting& setting : settings()) {
    tend::Run run(plan_of(experiment_of(setting, "\"adam\""), data), *pool, {.loads_ahead = true, .between = {}});
    losses(run, 37);
    tend::Run fork = run.fork();
    EXPECT_EQ(losses(fork, 200), losses(run, 200)) << setting.name;
    EXPECT_TRUE(fork.state().same_bits(run.state())) << setting.name;
    EXPECT_GE(run.counters().epoch, 2);
  }
}

TEST(Run, a_restored_snapshot_brings_back_every_bit_and_what_was_measured) {
  const Dataset data = images();
  const auto pool = make_pool(1);
  tend::Run run(plan_of(experiment_of(settings()[1], "\"momentum\""), data), *pool);
  losses(run, 8);
  const Metrics measured = run.evaluate(PartName::validation);
  const Snapshot snapshot = run.snapshot();
  const std::vector<double> first = losses(run, 9);
  EXPECT_NE(run.evaluate(PartName::validation), measured);
  run.restore(snapshot);
  EXPECT_EQ(run.evaluate(PartName::validation), measured);
  EXPECT_EQ(losses(run, 9), first);
}

TEST(Run, measures_a_state_again_where_other_metrics_are_wanted) {
  const Dataset data = images();
  const auto pool = make_pool(1);
  tend::Run run(plan_of(experiment_of(settings()[0], "\"adam\""), data), *pool);
  losses(run, 3);
  const WantedMetrics few{.are_all = false, .named = {"roc_auc"}};
  const Metrics some = run.evaluate(PartName::validation, few), all = run.evaluate(PartName::validation);
  EXPECT_EQ(some.size(), 3U);
  EXPECT_EQ(all.size(), metric_names(Task::classification, 2).size());
  for (const auto& [name, value] : some) EXPECT_EQ(value, metric_of(all, name)) << name;
  EXPECT_EQ(&run.evaluate(PartName::validation), &run.evaluate(PartName::validation));
  EXPECT_EQ(run.evaluate(PartName::validation, few), some);
}

TEST(Run, a_step_is_its_parts_and_the_gradient_may_be_changed_between_them) {
  const Dataset data = images();
  const auto pool = make_pool(1);
  const auto plan = plan_of(experiment_of(settings()[6], "\"adam\""), data);
  int seen = 0;
  tend::Run whole(plan, *pool), parts(plan, *pool),
      hooked(plan, *pool, {.loads_ahead = false, .between = [&](std::span<float> g) {
                             ++seen;
                             for (float& v : g) v = -v;
                           }});
  for (int s = 0; s < 10; ++s) {
    whole.step();
    parts.compute_gradient();
    parts.update(plan->learning_rate_at(s));
    hooked.step();
  }
  EXPECT_TRUE(whole.state().same_bits(parts.state()));
  EXPECT_FALSE(whole.state().same_bits(hooked.state()));
  EXPECT_EQ(seen, 10);
}

TEST(Run, shares_data_and_programs_where_only_inputs_of_a_step_differ) {
  const Dataset data = images();
  const auto plan = plan_of(
      experiment_of(
          {.name = "dropout", .layers = R"("flatten", { dense = 8, l2 = 0.1 }, "relu", { dropout = 0.4 }, { dense = 2 })"},
          "{ name = \"adam\", learning_rate = 0.01 }"),
      data);
  const auto changes_to = [&](const std::vector<Change>& changes) { return plan->with(changes); };
  for (const Change& change :
       {Change{"update.optimizer.learning_rate", 0.5}, Change{"update.optimizer.beta1", 0.8}, Change{"update.clip_norm", 1.0},
        Change{"update.weight_decay", 0.1}, Change{"network.layers.dropout_1.dropout", 0.1},
        Change{"network.layers.dense_1.l2", 0.3}, Change{"update.schedule", "cosine"}, Change{"train.epochs", 7},
        Change{"train.batch_size", 5}, Change{"network.layers.dense_1.initializer", "he_normal"}}) {
    const auto other = changes_to({change});
    EXPECT_EQ(&other->programs(), &plan->programs()) << change.path;
    EXPECT_EQ(&other->prepared(), &plan->prepared()) << change.path;
  }
  for (const Change& change :
       {Change{"update.optimizer", "momentum"}, Change{"network.layers.dense_1.dense", 9}, Change{"network.layers.relu_1", "elu"},
        Change{"loss.reduction", "sum"}, Change{"train.weight_average", 0.9}}) {
    const auto other = changes_to({change});
    EXPECT_NE(&other->programs(), &plan->programs()) << change.path;
    EXPECT_EQ(&other->prepared(), &plan->prepared()) << change.path;
  }
  EXPECT_NE(&changes_to({Change{"prepare.steps", parse_toml("s = [\"standardize\"]", "t")["s"]}})->prepared(), &plan->prepared());
}

TEST(Run, a_shared_program_takes_the_steps_of_one_compiled_for_itself) {
  const Dataset data = images();
  const auto pool = make_pool(1);
  const Setting setting{.name = "shared", .layers = R"("flatten", { dense = 8 }, "relu", { dropout = 0.4 }, { dense = 2 })"};
  const Experiment e = experiment_of(setting, "\"adam\"");
  const std::vector<Change> changes{
      {"update.optimizer.beta1", 0.5}, {"update.optimizer.learning_rate", 0.05}, {"network.layers.dropout_1.dropout", 0.2}};
  tend::Run shared(plan_of(e, data)->with(changes), *pool), own(plan_of(changed(e, changes), data), *pool);
  EXPECT_EQ(losses(shared, 12), losses(own, 12));
  EXPECT_TRUE(shared.state().same_bits(own.state()));
}

struct NamedChange {
  std::string name;
  std::vector<Change> changes;
  bool loses_nothing = true;  ///< the reverse change restores every bit
  std::vector<Change> reverse;
};

Value steps_of(const char* text) { return parse_toml(std::string("s = ") + text, "t")["s"]; }

const std::vector<NamedChange>& changes_on_the_way() {
  static const std::vector<NamedChange> all{
      {"learning rate", {{"update.optimizer.learning_rate", 0.3}}, true, {{"update.optimizer.learning_rate", 0.001}}},
      {"schedule", {{"update.schedule", "cosine"}}, true, {{"update.schedule", "constant"}}},
      {"clipping", {{"update.clip_norm", 0.1}}, true, {{"update.clip_norm", 0.0}}},
      {"optimizer", {{"update.optimizer", "momentum"}}, false, {}},
      {"penalty", {{"network.layers.dense_1.l2", 0.1}}, true, {{"network.layers.dense_1.l2", 0.0}}},
      {"dropout", {{"network.layers.dropout_1.dropout", 0.1}}, true, {{"network.layers.dropout_1.dropout", 0.4}}},
      {"batch size", {{"train.batch_size", 7}}, true, {{"train.batch_size", 12}}},
      {"preparation", {{"prepare.steps", steps_of("[\"standardize\"]")}}, true, {{"prepare.steps", steps_of("[]")}}},
      {"loss", {{"loss.name", "multiclass_hinge"}}, false, {}},
      {"label smoothing", {{"loss.label_smoothing", 0.2}}, true, {{"loss.label_smoothing", 0.0}}},
      {"output activation",
       {{"network.layers.6", "softmax", Change::Kind::insert}, {"loss.name", "categorical_cross_entropy"}},
       false,
       {}},
      {"initializer", {{"network.layers.dense_2.initializer", "he_normal"}}, false, {}},
      {"insertion",
       {{"network.layers.relu_1", "batch_norm", Change::Kind::insert}},
       false,
       {{"network.layers.batch_norm_1", {}, Change::Kind::remove}}},
      {"insertion of a dense layer",
       {{"network.layers.dense_1", parse_toml("l = { dense = 36 }", "t")["l"], Change::Kind::insert}},
       false,
       {{"network.layers.dense_4", {}, Change::Kind::remove}}},
      {"removal",
       {{"network.layers.dropout_1", {}, Change::Kind::remove}},
       true,
       {{"network.layers.dense_2", parse_toml("l = { dropout = 0.4, name = \"dropout_1\" }", "t")["l"], Change::Kind::insert}}},
      {"replacement", {{"network.layers.relu_1", "tanh"}}, true, {{"network.layers.tanh_1", "relu"}}},
      {"weight average", {{"train.weight_average", 0.9}}, true, {{"train.weight_average", 0.0}}}};
  return all;
}

TEST(Run, every_kind_of_change_can_be_taken_back_to_the_bit) {
  const Dataset data = images();
  const auto pool = make_pool(1);
  const Setting setting{.name = "changes",
                        .layers = R"("flatten", { dense = 8 }, "relu", { dropout = 0.4 }, { dense = 6 }, { dense = 2 })"};
  const auto plan = plan_of(experiment_of(setting, "{ name = \"adam\", learning_rate = 0.001 }"), data);
  tend::Run plain(plan, *pool);
  losses(plain, 9);
  const Snapshot start = plain.snapshot();
  const std::vector<double> wanted = losses(plain, 15);
  for (const NamedChange& c : changes_on_the_way()) {
    SCOPED_TRACE(c.name);
    tend::Run run(start, *pool);
    const Snapshot before = run.change(c.changes);
    tend::Run changed_run = run.fork();
    EXPECT_TRUE(std::isfinite(losses(changed_run, 8).back()));
    for (const char* name : {"dense_1", "dense_2", "dense_3"})
      EXPECT_NE(run.state().directory().find(std::string(name) + ".weights"), nullptr);
    run.restore(before);
    EXPECT_TRUE(run.state().same_bits(start.state));
    EXPECT_EQ(losses(run, 15), wanted);
    EXPECT_TRUE(run.state().same_bits(plain.state()));
    if (!c.loses_nothing) continue;
    tend::Run reversed(start, *pool);
    reversed.change(c.changes);
    reversed.change(c.reverse);
    EXPECT_EQ(losses(reversed, 15), wanted);
  }
}

TEST(Run, an_inserted_batch_norm_keeps_the_function) {
  const Dataset data = images();
  const auto pool = make_pool(1);
  tend::Run run(plan_of(experiment_of(settings()[0], "\"adam\""), data), *pool);
  losses(run, 20);
  std::vector<float> x(10 * 36);
  run.plan().parts().train.gather(nullptr, 0, 10, x.data());
  const std::vector<float> before = run.outputs(x.data(), 10);
  run.change({{"network.layers.relu_1", "batch_norm", Change::Kind::insert}});
  const std::vector<float> after = run.outputs(x.data(), 10);
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_NEAR(before[i], after[i], 1e-4);
  EXPECT_NE(run.state().at<float>("batch_norm_1.running_mean")[0], 0);
}

TEST(Run, a_changed_initializer_draws_its_tensor_anew_and_no_other) {
  const Dataset data = images();
  const auto pool = make_pool(1);
  tend::Run run(plan_of(experiment_of(settings()[0], "\"adam\""), data), *pool);
  losses(run, 5);
  const std::vector<float> first(run.weights(0).begin(), run.weights(0).end()),
      last(run.weights(2).begin(), run.weights(2).end());
  run.change({{"network.layers.dense_2.initializer", "zeros"}});
  EXPECT_TRUE(std::equal(first.begin(), first.end(), run.weights(0).begin()));
  for (float w : run.weights(2)) EXPECT_EQ(w, 0);
  EXPECT_EQ(run.state().at<float>("dense_2.weights.first_moment")[0], 0);
  EXPECT_EQ(run.state().at<float>("dense_1.weights.first_moment")[0], 0);  // all slots begin anew
  EXPECT_EQ(run.counters().update, 0);
}

TEST(Run, slots_are_kept_where_another_optimizer_has_them_and_fresh_otherwise) {
  const Dataset data = images();
  const auto pool = make_pool(1);
  tend::Run run(plan_of(experiment_of(settings()[0], "\"adam\""), data), *pool);
  losses(run, 5);
  const float moment = run.state().at<float>("dense_1.weights.first_moment")[0];
  run.change({{"update.optimizer", "adamw"}});
  EXPECT_EQ(run.state().at<float>("dense_1.weights.first_moment")[0], moment);
  EXPECT_EQ(run.counters().update, 5);
  run.change({{"update.optimizer", "momentum"}});
  EXPECT_EQ(run.state().at<float>("dense_1.weights.velocity")[0], 0);
  EXPECT_EQ(run.counters().update, 0);
  EXPECT_EQ(run.counters().step, 5);
}

TEST(Run, another_batch_size_goes_on_with_the_rows_not_yet_seen) {
  const Dataset data = images();  // 68 training rows: 12 x 5 + 8
  const auto pool = make_pool(1);
  tend::Run run(plan_of(experiment_of(settings()[0], "\"sgd\""), data), *pool);
  losses(run, 3);  // 36 rows
  run.change({{"train.batch_size", 10}});
  EXPECT_EQ(run.step().rows, 10);
  EXPECT_EQ(run.step().rows, 10);
  EXPECT_EQ(run.step().rows, 10);
  const StepReport last = run.step();
  EXPECT_EQ(last.rows, 2);
  EXPECT_TRUE(last.ends_epoch);
  EXPECT_EQ(run.step().rows, 10);
}

TEST(Run, a_larger_batch_does_not_bring_back_a_warm_up_that_has_ended) {
  const Dataset data = images();
  const auto pool = make_pool(1);
  const Setting warms{.name = "warms", .update = "schedule = { name = \"constant\", warmup_steps = 5 }"};
  tend::Run run(plan_of(experiment_of(warms, "{ name = \"sgd\", learning_rate = 0.1 }"), data), *pool);
  losses(run, 5);
  EXPECT_EQ(run.step().learning_rate, 0.1);
  run.change({{"train.batch_size", 60}});  // two steps an epoch instead of six
  EXPECT_EQ(run.step().learning_rate, 0.1);
}

TEST(Run, a_step_tells_what_it_left) {
  const Dataset data = images();
  const auto pool = make_pool(1);
  tend::Run run(plan_of(experiment_of(settings()[0], "{ name = \"sgd\", learning_rate = 0.1 }"), data), *pool);
  const std::vector<float> before(run.weights(0).begin(), run.weights(0).end());
  StepReport report = run.step();
  EXPECT_FALSE(report.is_spoilt);
  EXPECT_EQ(report.not_finite, 0);
  double moved = 0;
  for (std::size_t i = 0; i < before.size(); ++i) moved += std::pow(static_cast<double>(run.weights(0)[i] - before[i]), 2);
  EXPECT_NEAR(run.signals(0).change_squares, moved, 1e-6 * moved);
  EXPECT_NEAR(run.signals(0).gradient_squares * 0.01, moved, 1e-5 * moved);
  report = run.step(1e39);
  EXPECT_TRUE(report.is_spoilt);
  EXPECT_EQ(run.counters().spoilt_step, 2);
  EXPECT_FALSE(run.is_finite());
}

TEST(Training, never_keeps_a_spoilt_state_as_good) {
  const Dataset data = images();
  for (const char* more : {"", "metric = \"validation.accuracy\"\nearly_stopping = {}"}) {
    Experiment e = experiment_of({.name = "spoilt", .train = std::string("shuffle = true\n") + more},
                                 "{ name = \"sgd\", learning_rate = 1e39 }");
    e.train.batch_size = 1000;  // one step an epoch: the epoch ends before the divergence shows in a loss
    Training training(e, data);
    EXPECT_EQ(training.run().status, "diverged");
    const Model model = training.model();
    const Block& state = model.inside().state;
    for (const Place& place : state.directory().places())
      if (place.kind == PlaceKind::parameter)
        for (double w : state.doubles(place)) EXPECT_TRUE(std::isfinite(w)) << place.name;
  }
}

TEST(Training, can_be_changed_on_its_way_and_changed_back) {
  const Dataset data = images();
  const Experiment e = experiment_of(settings()[0], "\"adam\"");
  Training plain(e, data), changed_one(e, data);
  for (int s = 0; s < 9; ++s) plain.step(), changed_one.step();
  const TrainingState before = changed_one.change(
      {{"update.optimizer.learning_rate", 0.5}, {"network.layers.relu_1", "batch_norm", Change::Kind::insert}});
  for (int s = 0; s < 5; ++s) changed_one.step();
  changed_one.restore(before);
  plain.run();
  changed_one.run();
  EXPECT_EQ(plain.model().to_bytes(), changed_one.model().to_bytes());
}

TEST(Training, goes_back_from_a_change_while_batches_are_made_ahead) {
  const Dataset data = images(1300);
  const Experiment e = experiment_of(settings()[0], "\"adam\"");
  Training plain(e, data), rolled_back(e, data);
  for (int s = 0; s < 9; ++s) plain.step(), rolled_back.step();
  const TrainingState before = rolled_back.state();
  for (const std::vector<Change>& changes :
       {std::vector<Change>{{"update.optimizer.learning_rate", 0.5}}, {{"prepare.steps", steps_of("[\"standardize\"]")}}}) {
    rolled_back.change(changes);
    for (int s = 0; s < 3; ++s) rolled_back.step();
    rolled_back.restore(before);  // only the run holds the changed plan
  }
  for (int s = 0; s < 20; ++s) plain.step(), rolled_back.step();
  EXPECT_TRUE(rolled_back.engine().state().same_bits(plain.engine().state()));
}

TEST(Training, a_restored_state_of_a_run_that_has_ended_has_ended) {
  const Dataset data = images();
  for (const char* more : {"", "early_stopping = { patience = 1 }"}) {
    const Experiment e = experiment_of({.name = "ended", .train = more}, "\"adam\"");
    Training first(e, data), again(e, data);
    first.run();
    again.restore(first.state());
    EXPECT_EQ(again.run().status, first.summary().status);
    EXPECT_EQ(again.summary().steps, first.summary().steps);
    EXPECT_EQ(again.summary().validation, first.summary().validation);
    EXPECT_EQ(again.model().to_bytes(), first.model().to_bytes());
  }
}

TEST(Training, may_be_restored_to_before_its_first_step) {
  const Dataset data = images();
  Training training(experiment_of(settings()[0], "\"adam\""), data);
  const TrainingState start = training.state();
  training.run();
  const auto model = training.model().to_bytes();
  training.restore(start);
  EXPECT_EQ(training.run().status, "completed");
  EXPECT_EQ(training.model().to_bytes(), model);
}

TEST(Training, the_model_of_a_best_state_from_before_a_change_is_that_of_its_own_network) {
  const Dataset data = images();
  Experiment e = experiment_of({.name = "best", .train = "early_stopping = { patience = 50 }"}, "\"adam\"");
  Training training(e, data);
  for (int s = 0; s < 6; ++s) training.step();
  const auto model = training.model().to_bytes();
  training.change({{"network.layers.relu_1", "batch_norm", Change::Kind::insert}});
  EXPECT_EQ(training.model().to_bytes(), model);
}

TEST(Training, a_change_that_cannot_be_made_changes_nothing) {
  const Dataset data = images();
  Training training(experiment_of(settings()[0], "\"adam\""), data);
  for (int s = 0; s < 4; ++s) training.step();
  const Block before = training.engine().state();
  EXPECT_THROW(training.change({{"train.metric", "validation.acuracy"}}), Error);
  EXPECT_THROW(training.change({{"network.layers.dense_2.dense", 7}, {"loss.name", "no_such_loss"}}), Error);
  EXPECT_TRUE(training.engine().state().same_bits(before));
  EXPECT_EQ(training.engine().plan().experiment().train.metric, "validation.loss");
  EXPECT_TRUE(training.step());
}

TEST(Run, a_gradient_that_was_not_used_is_that_of_the_same_batch_again) {
  const Dataset data = images();
  const auto pool = make_pool(1);
  const auto plan = plan_of(experiment_of(settings()[1], "\"adam\""), data);
  for (const bool loads_ahead : {false, true}) {
    tend::Run once(plan, *pool), twice(plan, *pool, {.loads_ahead = loads_ahead, .between = {}});
    once.step(), twice.step();
    once.compute_gradient();
    const std::vector<float> gradient(once.gradient().begin(), once.gradient().end());
    twice.compute_gradient();
    twice.compute_gradient();
    EXPECT_TRUE(std::equal(gradient.begin(), gradient.end(), twice.gradient().begin()));
  }
}

TEST(Run, slots_of_another_meaning_are_not_kept) {
  const Dataset data = images();
  const auto pool = make_pool(1);
  tend::Run run(plan_of(experiment_of(settings()[0], "\"rmsprop\""), data), *pool);
  losses(run, 5);
  run.change({{"update.optimizer", "momentum"}});
  EXPECT_EQ(run.state().at<float>("dense_1.weights.velocity")[0], 0);
}

TEST(Prepared, is_made_once_for_all_plans) {
  const Dataset data = images();
  const Experiment e = experiment_of(settings()[0], "\"adam\"");
  const auto prepared = Prepared::make(data, e);
  const auto a = Plan::make(e, prepared), b = Plan::make(e, prepared);
  EXPECT_EQ(&a->targets(), &b->targets());
  EXPECT_EQ(a->parts().train.x.data(), b->parts().train.x.data());
}

}  // namespace
}  // namespace tend::run_test
