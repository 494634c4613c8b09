#include "tend/train/checkpoint.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/base/random.h"
#include "tend/train/run.h"

namespace tend::checkpoint_test {
namespace {

Dataset rings(std::int64_t n = 400, double shift = 0) {
  Array x({n, 2}, ElementType::float32), y({n, 1}, ElementType::float64);
  Random random(3, purpose("rings"));
  for (std::int64_t i = 0; i < n; ++i) {
    const double angle = random.uniform(0, 6.283185307), radius = (i % 2 ? 2 : 1) + 0.1 * random.normal();
    x.as<float>()[2 * i] = static_cast<float>(radius * std::cos(angle) + shift);
    x.as<float>()[2 * i + 1] = static_cast<float>(radius * std::sin(angle));
    y.as<double>()[i] = static_cast<double>(i % 2);
  }
  return Dataset::classification(x, y, 2);
}

/// Everything that a checkpoint must keep: slots, statistics, dropout's draws, averages, a schedule, early stopping with the best
/// state.
Experiment parse(const std::string& more = "") {
  return Experiment::parse(R"(seed = 5
[data]
validation = 0.2
[network]
layers = [{ dense = 16 }, "batch_norm", "relu", { dropout = 0.2 }, { dense = 2 }]
[loss]
name = "softmax_cross_entropy"
[update]
optimizer = { name = "adam", learning_rate = 0.01 }
schedule = { name = "cosine", warmup_steps = 5 }
[train]
epochs = 6
weight_average = 0.9
early_stopping = { patience = 3 }
)" + more,
                           "test");
}

TrainingOptions threads(int n) {
  TrainingOptions options;
  options.threads = n;
  return options;
}

/// Trains on from the bytes to the end, on so many threads.
std::vector<std::byte> end_of(const std::vector<std::byte>& bytes, int n, Summary* summary = nullptr) {
  Training training(parse(), rings(), threads(n));
  EXPECT_TRUE(training.resume(bytes).empty());
  training.run();
  if (summary) *summary = training.summary();
  return training.model().to_bytes();
}

TEST(Checkpoint, from_any_step_a_training_goes_on_with_the_same_bits_on_any_number_of_threads) {
  Training whole(parse(), rings(), threads(2));
  std::vector<std::vector<std::byte>> taken{whole.checkpoint()};
  while (whole.step()) taken.push_back(whole.checkpoint());
  const std::vector<std::byte> wanted = whole.model().to_bytes();
  ASSERT_EQ(taken.size(), 60u);
  for (std::size_t i = 0; i<taken.size(); i += i % 10> 7 ? 1 : 4) {
    Summary summary;
    EXPECT_EQ(end_of(taken[i], i % 3 ? 1 : 3, &summary), wanted) << "step " << i;
    EXPECT_EQ(summary.history.size(), whole.summary().history.size());
    for (std::size_t e = 0; e < summary.history.size(); ++e) {
      EXPECT_EQ(summary.history[e].batch_loss, whole.summary().history[e].batch_loss) << "step " << i << ", epoch " << e;
      EXPECT_EQ(summary.history[e].validation, whole.summary().history[e].validation);
    }
    EXPECT_EQ(summary.best_epoch, whole.summary().best_epoch);
    EXPECT_EQ(summary.test, whole.summary().test);
  }
}

TEST(Checkpoint, an_ended_training_can_be_continued_with_more_epochs) {
  Training first(changed(parse(), {{.path = "update.schedule", .value = "constant"}}), rings());
  first.run();
  Training second(changed(parse(), {{.path = "update.schedule", .value = "constant"}}), rings());
  second.resume(first.checkpoint());
  second.change({{.path = "train.epochs", .value = std::int64_t{9}}});
  EXPECT_EQ(second.run().epochs, 9);
  Training at_once(
      changed(parse(), {{.path = "update.schedule", .value = "constant"}, {.path = "train.epochs", .value = std::int64_t{9}}}),
      rings());
  at_once.run();
  EXPECT_EQ(second.engine().state().hash(), at_once.engine().state().hash());
}

TEST(Checkpoint, a_best_state_of_an_earlier_experiment_is_kept_with_it) {
  const auto start = [](Training& t) {
    for (int i = 0; i < 20; ++i) t.step();
    t.change({{.path = "update.optimizer.learning_rate", .value = 0.001}});
    for (int i = 0; i < 3; ++i) t.step();
  };
  Training whole(parse(), rings());
  start(whole);
  const std::vector<std::byte> bytes = whole.checkpoint();
  whole.run();
  EXPECT_EQ(end_of(bytes, 1), whole.model().to_bytes());
}

TEST(Checkpoint, an_interrupted_training_goes_on) {
  Training whole(parse(), rings()), first(parse(), rings());
  whole.run();
  for (int i = 0; i < 13; ++i) first.step();
  const std::vector<std::byte> bytes = first.checkpoint();
  first.interrupt();
  EXPECT_EQ(first.summary().status, "interrupted");
  EXPECT_EQ(first.summary().steps, 13);
  EXPECT_EQ(end_of(first.checkpoint(), 2), whole.model().to_bytes());
  EXPECT_EQ(end_of(bytes, 2), whole.model().to_bytes());
}

TEST(Checkpoint, other_data_are_refused_and_what_differs_is_said) {
  Training first(parse(), rings());
  for (int i = 0; i < 5; ++i) first.step();
  const std::vector<std::byte> bytes = first.checkpoint();
  const auto refusal = [&](const Dataset& data) {
    try {
      Training(parse(), data).resume(bytes, "step-5");
    } catch (const Error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_EQ(refusal(rings()), "");
  EXPECT_NE(refusal(rings(390)).find("the training rows: 320 then, 312 now"), std::string::npos) << refusal(rings(390));
  EXPECT_NE(refusal(rings(400, 1e-3)).find("the content of the training rows"), std::string::npos) << refusal(rings(400, 1e-3));
  Training forced(parse(), rings(400, 1e-3));
  EXPECT_EQ(forced.resume(bytes, "step-5", true).size(), 2u);
  EXPECT_TRUE(forced.step());
}

TEST(Checkpoint, damaged_bytes_are_refused_or_harmless) {
  Training training(parse(), rings());
  for (int i = 0; i < 12; ++i) training.step();
  const std::vector<std::byte> whole = training.checkpoint();
  Training other(parse(), rings());
  for (std::size_t n = 0; n < whole.size(); n += 997) EXPECT_THROW(other.resume(std::span(whole).first(n)), Error) << n;
  Random random(1, purpose("flips"));
  for (int i = 0; i < 400; ++i) {
    std::vector<std::byte> damaged = whole;
    const auto at = static_cast<std::size_t>(random.uniform() * static_cast<double>(whole.size()));
    damaged[at] ^= static_cast<std::byte>(1 << (i % 8));
    try {
      other.resume(damaged, "damaged", true);
      other.step();
    } catch (const Error&) {
    }
  }
}

TEST(Checkpoint, weights_of_a_model_are_taken_by_name_and_shape) {
  Training first(parse(), rings());
  first.run();
  const Model model = first.model();
  Training same(parse(), rings());
  const std::vector<std::string> taken = same.start_from(model);
  EXPECT_EQ(taken.size(), 8u);  // two dense layers, and four tensors of the normalization
  EXPECT_EQ(same.model().evaluate(rings()), model.evaluate(rings()));
  const Experiment wider = changed(parse(), {{.path = "network.layers.4.dense", .value = std::int64_t{3}}});
  Training other(wider, rings());
  EXPECT_EQ(other.start_from(model).size(), 6u);
}

}  // namespace
}  // namespace tend::checkpoint_test
