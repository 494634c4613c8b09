#include "tend/trial/trial.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/base/random.h"
#include "tend/train/training.h"
#include "tend/trial/look.h"

namespace tend::trial_test {
namespace {

Dataset rows(std::int64_t n = 96) {
  Array x({n, 2}, ElementType::float32), y({n, 1}, ElementType::float64);
  Random random(3, purpose("trial test"));
  for (std::int64_t i = 0; i < n; ++i) {
    for (int f = 0; f < 2; ++f) x.as<float>()[2 * i + f] = static_cast<float>(random.normal());
    y.as<double>()[i] = x.as<float>()[2 * i] > 0;
  }
  return Dataset::classification(x, y, 2);
}

Experiment experiment(const std::string& layers, const std::string& more = "") {
  return Experiment::parse(
      "seed = 5\n[network]\nlayers = " + layers +
          "\n[loss]\nname = \"softmax_cross_entropy\"\n[update]\noptimizer = { name = \"adam\", learning_rate = 0.01 }\n" +
          "[train]\nbatch_size = 32\nepochs = 2\n" + more,
      "test");
}

constexpr const char* layers = R"([{ dense = 8, l2 = 0.01 }, "relu", { dropout = 0.3 }, { dense = 2 }])";

}  // namespace

TEST(Trial, takes_the_steps_that_the_training_takes) {
  const Dataset data = rows();
  std::vector<double> losses;
  TrainingOptions options;
  options.on_event = [&](const Event& e) {
    if (e.kind == Event::Kind::step) losses.push_back(e.loss);
  };
  Training training(experiment(layers), data, options);
  Trial trial(training.engine());
  std::vector<double> forked;
  for (int s = 0; s < 6; ++s) forked.push_back(trial.step());
  training.run();
  EXPECT_EQ(forked, losses);
  for (std::size_t p = 0; p < trial.plan().layout().segments.size(); ++p) {
    const std::span<const float> tried = trial.run().weights(p), trained = training.engine().weights(p);
    EXPECT_TRUE(std::equal(tried.begin(), tried.end(), trained.begin(), trained.end()));
  }
}

TEST(Trial, skipped_steps_leave_the_batches_and_the_dropout_of_those_at_a_rate_of_0) {
  const Dataset data = rows(110);  // the last 14 rows of each epoch are left out
  const Training training(experiment(layers), data);
  for (int skipped : {1, 2, 3, 7}) {
    Trial trial(training.engine());
    for (int s = 0; s < skipped; ++s) trial.step(0);
    const double stepped_to = trial.step(0);
    trial.restart();
    trial.skip(skipped);
    EXPECT_EQ(trial.step(0), stepped_to) << skipped;
  }
}

TEST(Trial, restarts_from_its_first_state_and_does_not_change_the_training) {
  const Dataset data = rows();
  const Training training(experiment(layers), data);
  const std::uint64_t before = training.engine().state().hash();
  Trial trial(training.engine());
  const double first = trial.step(0.1);
  trial.step(0.1);
  trial.restart();
  EXPECT_EQ(trial.step(0.1), first);
  trial.restart(9);
  EXPECT_NE(trial.step(0.1), first);
  EXPECT_EQ(training.engine().state().hash(), before);
}

TEST(Trial, learns_from_the_rows_that_it_is_given) {
  const Dataset data = rows();
  const Training training(experiment(layers), data);
  TrialOptions options;
  options.feed.rows = {3, 4, 5, 6};
  options.batch_size = 4;
  Trial trial(training.engine(), options);
  trial.set(".rate", 0);
  for (int s = 0; s < 300; ++s) trial.step(0.05);
  EXPECT_LT(trial.training_loss(), 0.05);
  EXPECT_GT(metric_of(trial.measure(PartName::train, options.feed.rows), "accuracy"), 0.99);
}

TEST(Trial, measures_a_loss_without_changing_anything) {
  const Dataset data = rows();
  const Training training(experiment(layers), data);
  Trial trial(training.engine());
  const std::uint64_t before = trial.state().hash();
  trial.training_loss();
  EXPECT_EQ(trial.state().hash(), before);
  double squares = 0;
  const auto* w = trial.state().at<float>("dense_1.weights");
  for (int i = 0; i < 16; ++i) squares += static_cast<double>(w[i]) * static_cast<double>(w[i]);
  EXPECT_NEAR(trial.penalty(), 0.01 * squares, 1e-9);
}

TEST(Trial, keeps_the_parameters_that_fit_another_network) {
  const Dataset data = rows();
  const Training training(experiment(layers), data);
  Trial trial(training.engine(), experiment(R"([{ dense = 8 }, "tanh", { dense = 5 }, "tanh", { dense = 2 }])"));
  const float *own = trial.state().at<float>("dense_1.weights"), *whole = training.engine().state().at<float>("dense_1.weights");
  EXPECT_TRUE(std::equal(own, own + 16, whole));
  EXPECT_TRUE(std::isfinite(trial.step(0.01)));
}

TEST(Look, sees_what_passes_each_layer) {
  const Dataset data = rows();
  const Training training(experiment(R"([{ dense = 4, bias_initializer = { constant = -100.0 } }, "relu", { dense = 2 }])"),
                          data);
  const Trial trial(training.engine());
  const Look look = look_inside(trial, {0, 1, 2, 3, 4, 5, 6});  // an odd number: the classes are not in balance
  ASSERT_EQ(look.nodes.size(), 3u);
  EXPECT_NEAR(look.nodes[0].mean, -100, 5);
  EXPECT_DOUBLE_EQ(look.nodes[1].dead_fraction, 1);
  EXPECT_DOUBLE_EQ(look.nodes[1].zero_fraction, 1);
  EXPECT_DOUBLE_EQ(look.nodes[2].row_deviation, 0);
  EXPECT_NEAR(look.loss, std::log(2), 1e-6);
  EXPECT_TRUE(look.nodes[1].has_gradient);
  ASSERT_EQ(look.parameters.size(), 4u);
  EXPECT_DOUBLE_EQ(look.parameters[0].gradient_norm, 0);  // nothing passes a dead layer
  EXPECT_GT(look.parameters[3].gradient_norm, 0);         // but the last bias learns
}

TEST(Look, uses_labels_without_smoothing) {
  const Dataset data = rows();
  Experiment smooth = experiment(layers);
  smooth.loss.label_smoothing = 0.2;
  const Training training(experiment(layers), data), smoothed(smooth, data);
  const Trial trial(training.engine()), other(smoothed.engine());
  EXPECT_EQ(look_inside(other, {0, 1, 2, 3, 4, 5}).loss, look_inside(trial, {0, 1, 2, 3, 4, 5}).loss);
}

TEST(Look, reports_gradients_of_the_loss_of_each_row) {
  const Dataset data = rows();
  const Training training(experiment(R"([{ dense = 2, initializer = "zeros" }])"), data);
  const Trial trial(training.engine());
  const Look look = look_inside(trial, {0, 1, 2, 3, 4, 5});
  EXPECT_NEAR(look.nodes[0].gradient_deviation, 0.5, 1e-6);  // softmax of equal logits: 1/2 less 0 or 1
  EXPECT_NEAR(look.nodes[0].gradient_mean, 0, 1e-6);
}

}  // namespace tend::trial_test
