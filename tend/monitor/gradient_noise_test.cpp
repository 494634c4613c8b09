#include "tend/monitor/gradient_noise.h"

#include <array>
#include <cmath>
#include <memory>

#include <gtest/gtest.h>

#include "tend/base/random.h"
#include "tend/monitor/monitor.h"

namespace tend::gradient_noise_test {
namespace {

constexpr std::int64_t row_count = 400;

/// y = 1.5 x0 - x1 + noise.
Dataset line() {
  Array x({row_count, 2}, ElementType::float32), y({row_count, 1}, ElementType::float64);
  Random random(5, purpose("noise test"));
  for (std::int64_t i = 0; i < row_count; ++i) {
    float* to = x.as<float>() + 2 * i;
    to[0] = static_cast<float>(random.normal()), to[1] = static_cast<float>(random.normal());
    y.as<double>()[i] = 1.5 * static_cast<double>(to[0]) - static_cast<double>(to[1]) + 0.5 * random.normal();
  }
  return Dataset::regression(x, y);
}

Experiment linear(double rate, std::int64_t batch, std::int64_t epochs) {
  Experiment e = Experiment::parse(
      "seed = 2\nnetwork.layers = [{ dense = 1 }]\nloss.name = 'mean_squared_error'\n"
      "update.optimizer = { name = 'sgd', learning_rate = 0.1 }\n",
      "test");
  e.update.optimizer["learning_rate"] = rate;
  e.train.batch_size = batch;
  e.train.epochs = epochs;
  return e;
}

/// Trains under a monitor.
struct Watched {
  Monitor monitor;
  std::unique_ptr<Training> training;
  Watched(const Experiment& e, const Dataset& data, int threads = 1) {
    TrainingOptions options;
    options.threads = threads;
    options.on_event = [this](const Event& event) { monitor.on_event(event); };
    training = std::make_unique<Training>(e, data, options);
    monitor.watch(*training);
    training->run();
  }
  const std::vector<NoiseLook>& noise() const { return monitor.history().noise; }
};

/// The gradient of one row, 2 (w x + b - y) (x, 1), in doubles.
struct Exact {
  double gradient_squares = 0, row_variance = 0;  ///< of all rows; summed over the elements
  explicit Exact(const Run& run) {
    const Part& part = run.plan().parts().train;
    const float *w = run.weights(0).data(), *b = run.weights(1).data(), *y = run.plan().targets().train.as<float>();
    std::vector<float> x(2 * static_cast<std::size_t>(part.rows()));
    part.gather(nullptr, 0, part.rows(), x.data());
    std::array<double, 3> mean{};
    double squares = 0;
    const auto n = static_cast<double>(part.rows());
    for (std::size_t r = 0; r < static_cast<std::size_t>(part.rows()); ++r) {
      const std::array<double, 3> in{static_cast<double>(x[2 * r]), static_cast<double>(x[2 * r + 1]), 1};
      const double slope = 2 * (static_cast<double>(w[0]) * in[0] + static_cast<double>(w[1]) * in[1] +
                                static_cast<double>(b[0]) - static_cast<double>(y[r]));
      for (std::size_t i = 0; i < 3; ++i) mean[i] += slope * in[i] / n, squares += slope * in[i] * slope * in[i] / n;
    }
    for (const double m : mean) gradient_squares += m * m;
    row_variance = squares - gradient_squares;
  }
};

TEST(GradientNoise, of_a_linear_regression_is_that_of_its_rows) {
  constexpr std::int64_t batch = 8;
  constexpr std::uint32_t draws = 4000;
  Training training(linear(0.01, batch, 1), line());
  for (int s = 0; s < 20; ++s) training.step();
  const tend::Run& run = training.engine();
  const Exact exact(run);
  double product = 0, product_squares = 0, variance = 0, variance_squares = 0;
  for (std::uint32_t draw = 0; draw < draws; ++draw) {
    double p = 0, v = 0;
    for (const GradientPair& pair : run.gradient_pair(draw)) p += pair.product, v += pair.variance;
    product += p / draws, product_squares += p * p / draws;
    variance += v / draws, variance_squares += v * v / draws;
  }
  const auto error_of = [&](double mean, double squares) { return std::sqrt((squares - mean * mean) / draws); };
  EXPECT_NEAR(product, exact.gradient_squares, 4 * error_of(product, product_squares));
  EXPECT_NEAR(variance, exact.row_variance / batch, 4 * error_of(variance, variance_squares));
  EXPECT_LT(error_of(product, product_squares), 0.05 * exact.gradient_squares);
  EXPECT_LT(error_of(variance, variance_squares), 0.05 * exact.row_variance / batch);
}

TEST(GradientNoise, costs_what_keeps_the_loss_above_that_of_least_squares) {
  const Dataset data = line();
  for (const char* reduction : {"mean", "sum"}) {
    // Steps remember some 20 steps, far less than an epoch, in which no row comes twice.
    Experiment e = linear(reduction == std::string("sum") ? 0.025 : 0.05, 2, 200);
    e.loss.reduction = reduction;
    const Watched noisy(e, data);
    Training exact(linear(0.1, row_count, 300), data);
    exact.run();
    const double least = metric_of(exact.summary().train, "loss");
    double excess = 0, cost = 0;
    const History& h = noisy.monitor.history();
    for (std::size_t i = h.epochs.size() / 4; i < h.epochs.size(); ++i)
      excess += (metric_of(h.epochs[i].train, "loss") - least) / static_cast<double>(h.epochs.size() - h.epochs.size() / 4);
    for (const NoiseLook& look : h.noise) cost += look.cost / static_cast<double>(h.noise.size());
    EXPECT_GT(h.noise.size(), 50U);
    EXPECT_NEAR(cost, excess, 0.25 * excess) << reduction;
    EXPECT_GT(excess, 0.03 * least);
    EXPECT_FALSE(noise_scale(h.noise) < 15) << "the batch of 2 is far smaller where the loss is at its end";
  }
}

TEST(GradientNoise, is_measured_without_a_change_of_a_bit) {
  Experiment e = Experiment::parse(
      "network.layers = [{ dense = 8, l2 = 0.01 }, 'batch_norm', 'relu', { dropout = 0.3 }, { dense = 1 }]\n"
      "loss.name = 'mean_squared_error'\nupdate.optimizer = 'adam'\nupdate.clip_norm = 1.0\ntrain.weight_average = 0.9\n"
      "train.batch_size = 12\ntrain.epochs = 28\ndata.validation = 0.1\n",
      "test");
  const Watched one(e, line()), three(e, line(), 3);
  Training plain(e, line());
  plain.run();
  ASSERT_EQ(one.noise().size(), 2U);
  EXPECT_EQ(one.noise()[0].step, steps_between_noise_looks);
  EXPECT_GT(one.noise()[0].noise, 0);
  EXPECT_GT(one.noise()[0].cost, 0);
  EXPECT_EQ(one.noise()[1].noise, three.noise()[1].noise);
  EXPECT_EQ(one.training->engine().state().hash(), plain.engine().state().hash());
  EXPECT_EQ(one.training->summary().validation, plain.summary().validation);
}

TEST(GradientNoise, is_not_measured_where_a_batch_has_more_than_half_of_the_rows) {
  EXPECT_TRUE(Watched(linear(0.01, 201, 300), line()).noise().empty());
}

TEST(GradientNoise, scale_is_the_size_of_batch_with_as_much_noise_as_gradient) {
  const std::vector<NoiseLook> looks{{.step = 1, .rows = 10, .signal = 3, .noise = 1},
                                     {.step = 2, .rows = 10, .signal = -1, .noise = 2}};
  EXPECT_EQ(noise_scale(looks), 15);
  EXPECT_TRUE(std::isnan(noise_scale({})));
  EXPECT_TRUE(std::isnan(noise_scale(std::span(looks).last(1))));
}

}  // namespace
}  // namespace tend::gradient_noise_test
