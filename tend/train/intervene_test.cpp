#include <cstring>

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"
#include "tend/train/model_parts.h"
#include "tend/train/run.h"
#include "tend/train/training.h"

namespace tend::intervene_test {
namespace {

const std::string layers = R"([{ dense = 16 }, "batch_norm", "relu", { dense = 8 }, "relu", { dense = 3 }])";

Experiment experiment_of(const std::string& interventions, const std::string& more = "") {
  return small_experiment(layers, "[train]\nepochs = 4\nbatch_size = 16\ninterventions = " + interventions + "\n" + more);
}
Training trained(const std::string& interventions, std::int64_t steps, const Dataset& data, TrainingOptions options = {}) {
  Training training(experiment_of(interventions), data, std::move(options));
  while (training.engine().counters().step < steps) training.step();
  return training;
}
std::vector<float> values_of(const Block& state, const std::string& place) {
  const Place& at = state.directory().at(place);
  const auto* v = state.at<float>(at);
  return {v, v + at.shape.count()};
}
std::uint64_t end_of(const Experiment& e, const Dataset& data) {
  Training training(e, data);
  training.run();
  return training.engine().state().hash();
}

TEST(Intervene, is_the_same_each_time_and_after_any_checkpoint) {
  const Dataset data = small_classes();
  const std::string all =
      R"([{ step = 30, rate_factor = 0.5 }, { step = 20, redraw_layers = ["dense_2"] }, { step = 20, revive_units = true }])";
  const std::uint64_t wanted = end_of(experiment_of(all), data);
  EXPECT_EQ(end_of(experiment_of(all), data), wanted);
  EXPECT_NE(end_of(experiment_of(R"([{ step = 30, rate_factor = 0.5 }])"), data), wanted);
  for (const std::int64_t step : {0, 19, 20, 21, 30}) {
    const Training first = trained(all, step, data);
    Training second(experiment_of(all), data);
    second.resume(first.checkpoint());
    second.run();
    EXPECT_EQ(second.engine().state().hash(), wanted) << step;
  }
}

TEST(Intervene, made_in_flight_it_gives_the_bits_of_an_experiment_that_has_it) {
  const Dataset data = small_classes();
  const std::string one = R"([{ step = 25, redraw_layers = ["dense_1"], rate_factor = 0.1 }])";
  Training in_flight = trained("[]", 25, data);
  in_flight.change({{.path = "train.interventions", .value = experiment_of(one).train.interventions}});
  in_flight.run();
  EXPECT_EQ(in_flight.engine().state().hash(), end_of(experiment_of(one), data));
}

TEST(Intervene, of_the_optimizer_zeroes_its_moments_and_leaves_the_weights) {
  const Dataset data = small_classes();
  const Training plain = trained("[]", 20, data);
  class Run with(plain.engine().shared_plan()->with(experiment_of(R"([{ step = 20, reset_optimizer = true }])")),
                 plain.engine().executor());
  with.restore({.plan = with.shared_plan(), .state = plain.engine().state()});
  const std::vector<float> before = values_of(with.state(), "dense_2.weights");
  with.compute_gradient();
  EXPECT_EQ(values_of(with.state(), "dense_2.weights"), before);
  for (const float v : values_of(with.state(), "dense_2.weights.second_moment")) EXPECT_EQ(v, 0);
  EXPECT_EQ(with.counters().update, 0);
  EXPECT_EQ(with.counters().step, 20);
}

TEST(Intervene, revives_dead_units_and_leaves_the_others_as_they_are) {
  const Dataset data = small_classes();
  const Training plain = trained("[]", 20, data);
  class Run run(plain.engine().shared_plan()->with(experiment_of(R"([{ step = 20, revive_units = true }])")),
                plain.engine().executor());
  Block state = plain.engine().state();
  // The units 3 and 5 of the first layer by its normalization, 2 of the second by its bias.
  for (const int unit : {3, 5}) state.at<float>(state.directory().at("batch_norm_1.beta"))[unit] = -50;
  state.at<float>(state.directory().at("dense_2.bias"))[2] = -1e6;
  run.restore({.plan = run.shared_plan(), .state = state});
  const std::vector<float> weights = values_of(state, "dense_1.weights"), beta = values_of(state, "batch_norm_1.beta");
  const StepReport report = [&] {
    run.compute_gradient();
    const std::vector<float> now = values_of(run.state(), "dense_1.weights"),
                             now_beta = values_of(run.state(), "batch_norm_1.beta");
    for (std::size_t i = 0; i < now.size(); ++i) EXPECT_EQ(now[i] == weights[i], i % 16 != 3 && i % 16 != 5) << i;
    for (std::size_t i = 0; i < now_beta.size(); ++i) EXPECT_EQ(now_beta[i], i == 3 || i == 5 ? 0 : beta[i]);
    EXPECT_EQ(values_of(run.state(), "dense_2.bias")[2], 0);
    return run.update(0.01);
  }();
  EXPECT_GE(report.revived, 3);
}

TEST(Intervene, of_the_rate_holds_from_its_step_on) {
  const Dataset data = small_classes();
  std::vector<double> rates;
  std::vector<std::string> notes;
  TrainingOptions options;
  options.on_event = [&](const Event& event) {
    if (event.kind == Event::Kind::step) rates.push_back(event.learning_rate);
    if (event.kind == Event::Kind::note && event.text.find("step") != std::string::npos) notes.push_back(event.text);
  };
  trained("[{ step = 3, rate_factor = 0.5 }, { step = 5, rate_factor = 0.1 }, { step = 999, rate_factor = 0.1 }]", 7, data,
          options);
  EXPECT_EQ(rates, (std::vector<double>{0.01, 0.01, 0.01, 0.005, 0.005, 0.0005, 0.0005}));
  EXPECT_EQ(notes, (std::vector<std::string>{"the intervention of step 999 is not made: the run has 60 steps",
                                             "after step 3 the learning rate is multiplied by 0.5",
                                             "after step 5 the learning rate is multiplied by 0.1"}));
}

TEST(Intervene, what_cannot_be_made_is_one_clear_error) {
  const Dataset data = small_classes();
  const auto error_of = [&](const std::string& interventions, const std::string& network = "") {
    try {
      Experiment e = experiment_of(interventions);
      if (!network.empty()) e.network.pack = 2;
      const Training training(e, data);
    } catch (const Error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_NE(error_of("true").find("a list of tables"), std::string::npos);
  EXPECT_NE(error_of("[{ reset_optimizer = true }]").find("no step"), std::string::npos);
  EXPECT_NE(error_of("[{ step = 3 }]").find("does nothing"), std::string::npos);
  EXPECT_NE(error_of("[{ step = 3, rate_factor = 0.0 }]").find("rate_factor"), std::string::npos);
  EXPECT_NE(error_of(R"([{ step = 3, redraw_layers = ["dens_1"] }])").find("dense_1"), std::string::npos);
  EXPECT_NE(error_of(R"([{ step = 3, redraw_layers = ["relu_1"] }])").find("no layer with parameters"), std::string::npos);
  EXPECT_NE(error_of("[{ step = 3, rate_factor = 0.5 }]", "pack").find("pack"), std::string::npos);
  EXPECT_EQ(error_of("[{ step = 3, rate_factor = 0.5 }]"), "");
}

}  // namespace
}  // namespace tend::intervene_test
