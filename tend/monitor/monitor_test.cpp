#include "tend/monitor/monitor.h"

#include <cmath>
#include <memory>

#include <gtest/gtest.h>

#include "tend/base/random.h"
#include "tend/monitor/layer_states.h"
#include "tend/train/run.h"

namespace tend::monitor_test {
namespace {

Dataset rows(std::int64_t n = 200) {
  Array x({n, 2}, ElementType::float32), y({n, 1}, ElementType::float64);
  Random random(3, purpose("monitor test"));
  for (std::int64_t i = 0; i < n; ++i) {
    x.as<float>()[2 * i] = static_cast<float>(random.normal()), x.as<float>()[2 * i + 1] = static_cast<float>(random.normal());
    y.as<double>()[i] = x.as<float>()[2 * i] > 0 ? 1 : 0;
  }
  return Dataset::classification(x, y, 2);
}

Experiment experiment(const std::string& more = "") {
  return Experiment::parse(
      "network.layers = [{ dense = 16 }, 'relu', { dense = 2 }]\nloss.name = 'softmax_cross_entropy'\n"
      "update.optimizer = { name = 'sgd', learning_rate = 0.05 }\ntrain.epochs = 4\ndata.validation = 0.1\n" +
          more,
      "test");
}

/// Trains under a monitor.
struct Watched {
  Monitor monitor;
  std::unique_ptr<Training> training;
  Watched(const Experiment& e, const Dataset& data) {
    TrainingOptions options;
    options.threads = 2;
    options.on_event = [this](const Event& event) { monitor.on_event(event); };
    training = std::make_unique<Training>(e, data, options);
    monitor.watch(*training);
    training->run();
  }
  const History& history() const { return monitor.history(); }
};

TEST(Monitor, looks_at_the_activations_from_time_to_time_and_forgets_looks_after_a_return) {
  Monitor monitor;
  TrainingOptions options;
  options.threads = 1;
  options.on_event = [&](const Event& event) { monitor.on_event(event); };
  Experiment e = experiment("train.batch_size = 32");
  e.train.epochs = 100;
  Training training(e, rows(), options);
  monitor.watch(training);
  const std::int64_t apart = steps_between_looks(training.engine().plan(), 128);
  EXPECT_GE(apart, 200);
  training.run();
  const std::vector<LayersLook>& looks = monitor.history().looks;
  ASSERT_EQ(looks.size(), static_cast<std::size_t>(monitor.history().steps / apart));
  ASSERT_FALSE(looks.empty());
  EXPECT_EQ(looks[0].step, apart);
  ASSERT_EQ(looks[0].layers.size(), 1U);
  EXPECT_EQ(looks[0].layers[0].name, "relu_1");
  EXPECT_GT(looks[0].layers[0].deviation, 0);
  monitor.go_back(looks[0].step - 1);
  EXPECT_TRUE(monitor.history().looks.empty());
}

TEST(Monitor, of_a_resumed_training_has_the_epochs_before_it) {
  Training first(experiment(), rows());
  while (first.summary().history.size() < 2) first.step();
  const std::vector<std::byte> bytes = first.checkpoint();
  Monitor monitor;
  TrainingOptions options;
  options.on_event = [&](const Event& event) { monitor.on_event(event); };
  Training second(experiment(), rows(), options);
  monitor.watch(second);
  second.resume(bytes);
  EXPECT_EQ(second.nothing_left(), "");
  second.run();
  ASSERT_EQ(monitor.history().epochs.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(monitor.history().epochs[i].epoch, static_cast<std::int64_t>(i) + 1);
  EXPECT_EQ(monitor.history().windows[0].first, 13);
  Training third(experiment(), rows());
  third.resume(second.checkpoint());
  EXPECT_EQ(third.nothing_left(), "all 4 epochs are done");
}

TEST(Monitor, of_a_pack_names_the_layers_of_the_experiment_and_takes_no_member_drawn_anew_for_an_outside_change) {
  Experiment e = experiment("network.pack = 3\n");
  const Dataset data = rows();
  Monitor monitor;
  TrainingOptions options;
  options.on_event = [&](const Event& event) { monitor.on_event(event); };
  Training training(e, data, options);
  monitor.watch(training);
  for (int step = 0; step < 3; ++step) training.step();
  TrainingState state = training.state();
  Snapshot spoilt = *state.now;  // so that the end of the first epoch draws this member anew
  for (const Place& place : spoilt.state.directory().places())
    if (place.name == "member_2.dense_2.bias") spoilt.state.at<float>(place)[0] = 1e4f;
  state.now = std::make_shared<const Snapshot>(spoilt);
  training.restore(state);
  training.run();
  const History& history = monitor.history();
  ASSERT_EQ(history.parameters.size(), 12u);
  EXPECT_EQ(history.parameters[4].name, "member_2.dense_1.weights");
  EXPECT_EQ(history.parameters[4].layer, "dense_1");
  EXPECT_GT(training.engine().state().at<std::int64_t>(StateLayout::numbers_name)[1], 2);
  for (const OutsideChange& change : history.outside) EXPECT_EQ(change.step, 4) << change.parameter;  // the test's own
}

TEST(Monitor, sees_steps_parameters_epochs_and_the_end) {
  const Watched w(experiment(), rows());
  const History& h = w.history();
  EXPECT_EQ(h.steps, 4 * 6);
  EXPECT_EQ(h.windows.size(), 24u);
  EXPECT_EQ(h.epochs.size(), 4u);
  ASSERT_EQ(h.parameters.size(), 4u);
  EXPECT_EQ(h.parameters[0].name, "dense_1.weights");
  EXPECT_EQ(h.parameters[0].layer, "dense_1");
  EXPECT_TRUE(h.parameters[0].is_matrix);
  for (const ParameterHistory& p : h.parameters) EXPECT_EQ(p.windows.size(), 24u);
  EXPECT_NEAR(h.parameters[0].windows[3].update_norm, 0.05 * h.parameters[0].windows[3].gradient_norm, 1e-6);
  ASSERT_EQ(h.layers.size(), 1u);
  EXPECT_EQ(h.layers[0].units, 16);
  EXPECT_EQ(h.confusion.classes, 2);
  EXPECT_EQ(h.not_finite.step, 0);
  EXPECT_TRUE(h.has_ended);
}

TEST(Monitor, a_watched_training_has_the_bits_of_one_that_is_not) {
  const Watched watched(experiment(), rows());
  Training plain(experiment(), rows());
  plain.run();
  EXPECT_EQ(watched.training->engine().state().hash(), plain.engine().state().hash());
}

TEST(Monitor, joins_windows_so_that_memory_is_bounded) {
  const Watched w(experiment("train.batch_size = 2\n"), rows(2000));
  const History& h = w.history();
  EXPECT_EQ(h.steps, 4 * 900);
  EXPECT_LE(h.windows.size(), 512u);
  EXPECT_EQ(h.windows.front().first, 1);
  EXPECT_EQ(h.windows.back().last, 3600);
  for (std::size_t i = 1; i < h.windows.size(); ++i) EXPECT_EQ(h.windows[i].first, h.windows[i - 1].last + 1);
}

TEST(FirstNotFinite, names_the_row_whose_inputs_are_not_finite) {
  Dataset data = rows();
  data.x.as<double>()[2 * 77] = std::nan("");
  Experiment e = experiment("data.split = 'last'\n");
  const Watched w(e, data);
  EXPECT_EQ(w.history().not_finite.phase, "input");
  EXPECT_EQ(w.history().not_finite.row, 77);
  EXPECT_GT(w.history().not_finite.step, 0);
  EXPECT_EQ(w.history().not_finite.step, *w.training->summary().first_nan_step);
}

TEST(FirstNotFinite, names_the_layer_that_overflows_first) {
  const Watched w(changed(experiment(), {{.path = "update.optimizer.learning_rate", .value = 1e25}}), rows());
  const FirstNotFinite& n = w.history().not_finite;
  EXPECT_GT(n.step, 0);
  EXPECT_NE(n.phase, "input");
  EXPECT_FALSE(n.phase.empty());
}

}  // namespace
}  // namespace tend::monitor_test
