#include "tend/train/pack.h"

#include <cmath>
#include <cstring>
#include <limits>

#include <gtest/gtest.h>

#include "tend/base/random.h"
#include "tend/train/model_parts.h"
#include "tend/train/training.h"

namespace tend::pack_test {
namespace {

/// Two moons with noise: one network fits them well in some epochs, and several differ.
Dataset moons(std::int64_t n = 400) {
  Array x({n, 2}, ElementType::float64), y({n, 1}, ElementType::float64);
  Random random(3, purpose("moons"));
  for (std::int64_t i = 0; i < n; ++i) {
    const double angle = random.uniform(0, 3.141592653589793), side = i % 2 ? 1 : -1;
    x.as<double>()[2 * i] = side * std::cos(angle) + 0.5 * side + 0.3 * random.normal();
    x.as<double>()[2 * i + 1] = side * std::sin(angle) + 0.3 * random.normal();
    y.as<double>()[i] = static_cast<double>(i % 2);
  }
  return Dataset::classification(x, y, 2);
}

Experiment experiment(int pack = 4, const std::string& train = "epochs = 6\n", const std::string& update = "",
                      const std::string& network = "") {
  return Experiment::parse(
      "seed = 5\n[data]\nvalidation = 0.3\ntest = 0.1\n[network]\nlayers = [{ dense = 16 }, \"batch_norm\", \"relu\", "
      "{ dropout = 0.1 }, { dense = 2 }]\npack = " +
          std::to_string(pack) + "\n" + network +
          "\n[loss]\nname = \"softmax_cross_entropy\"\n[update]\noptimizer = { name = \"adamw\", learning_rate = 0.01 }\n" +
          update + "\n[train]\n" + train,
      "test");
}

TrainingOptions threads(int n) {
  TrainingOptions options;
  options.threads = n;
  return options;
}

TEST(Pack, the_bits_do_not_depend_on_the_number_of_threads) {
  const Dataset data = moons();
  const auto bytes = [&](int n) {
    Training training(experiment(5, "epochs = 3\nweight_average = 0.9\n", "clip_norm = 0.5\n"), data, threads(n));
    training.run();
    return training.model().to_bytes();
  };
  const auto one = bytes(1);
  for (const int n : {2, 3}) EXPECT_EQ(one, bytes(n)) << n << " threads";
}

TEST(Pack, the_first_member_trains_as_a_network_by_itself_would_with_its_rate) {
  const Dataset data = moons();
  const auto prepared = Prepared::make(data, experiment());
  const auto executor = make_pool(1);
  tend::Run pack(Plan::make(experiment(3, "epochs = 2\n", "", ""), prepared), *executor);
  const FirstMember first(pack);
  tend::Run one = first.run().fork();
  EXPECT_EQ(one.plan().network().members(), 1);
  const tend::Run plain(Plan::make(experiment(1, "epochs = 2\n"), prepared), *executor);
  EXPECT_TRUE(one.state().same_bits(plain.state()));
  for (int step = 0; step < 12; ++step) pack.step(), one.step();
  for (const Place& place : one.state().directory().places()) {
    if (place.kind != PlaceKind::parameter && place.kind != PlaceKind::statistic) continue;
    EXPECT_EQ(one.state().doubles(place), pack.state().doubles(pack.state().directory().at("member_1." + place.name)))
        << place.name;
  }
}

TEST(Pack, members_have_rates_within_the_spread_and_weights_of_their_own) {
  const auto plan = Plan::make(experiment(8, "epochs = 1\n", "", "pack_rates = 3.0"), Prepared::make(moons(), experiment()));
  EXPECT_EQ(plan->member(0).rate_factor, 1);
  double lowest = 1, highest = 1;
  for (int number = 1; number < 200; ++number) {
    const double rate = plan->member(number).rate_factor;
    lowest = std::min(lowest, rate), highest = std::max(highest, rate);
  }
  EXPECT_GT(lowest, 1.0 / 3);
  EXPECT_LT(lowest, 0.4);
  EXPECT_LT(highest, 3);
  EXPECT_GT(highest, 2.5);
  const auto executor = make_pool(1);
  const Block state = plan->initial_state(1, *executor);
  EXPECT_NE(state.doubles(state.directory().at("member_1.dense_1.weights")),
            state.doubles(state.directory().at("member_8.dense_1.weights")));
}

TEST(Pack, the_numbers_of_the_summary_are_those_of_the_model_that_is_saved_and_loaded) {
  const Dataset data = moons();
  Training training(experiment(6, "epochs = 12\nearly_stopping = { patience = 4 }\n"), data);
  const Summary& summary = training.run();
  const Model model = training.model();
  const Model loaded = Model::load(model.to_bytes(), "a model");
  const Part& test = training.engine().plan().parts().test;
  const auto executor = make_pool(1);
  for (const Model* of : {&model, &loaded}) {
    const auto metrics = of->inside().inference.metrics(of->inside().state.data(), test, of->inside().coding().encode(test.y),
                                                        nullptr, *executor);
    EXPECT_NEAR(metrics[0].second, summary.test[0].second, 1e-6);
    EXPECT_EQ(metrics[1], summary.test[1]);
  }
  EXPECT_EQ(model.to_bytes(), loaded.to_bytes());
  EXPECT_EQ(model.predict(data).outputs, loaded.predict(data).outputs);
}

TEST(Pack, a_pack_is_better_than_its_usual_member) {
  const Dataset data = moons();
  Training training(experiment(8, "epochs = 15\n"), data);
  training.run();
  const tend::Run& run = training.engine();
  const auto executor = make_pool(1);
  const Candidates answers(run.plan(), run.state(), *executor);
  std::vector<double> losses;
  for (int m = 0; m < 8; ++m) losses.push_back(answers.loss_of(m));
  std::sort(losses.begin(), losses.end());
  EXPECT_LT(answers.loss_of(averaged_members(run.plan(), run.state())), losses[4]);
  EXPECT_NEAR(answers.loss_of(averaged_members(run.plan(), run.state())), metric_of(training.summary().validation, "loss"), 1e-5);
}

TEST(Pack, goes_on_from_a_checkpoint_with_the_bits_of_one_that_was_never_stopped) {
  const Dataset data = moons();
  const Experiment e = experiment(4, "epochs = 8\nearly_stopping = { patience = 3 }\nweight_average = 0.9\n");
  Training whole(e, data);
  whole.run();
  for (const int stop : {1, 13, 30}) {
    Training first(e, data);
    for (int step = 0; step < stop; ++step) ASSERT_TRUE(first.step());
    Training second(e, data);
    second.resume(first.checkpoint());
    second.run();
    EXPECT_EQ(second.model().to_bytes(), whole.model().to_bytes()) << stop;
  }
}

TEST(Pack, a_member_that_diverges_at_any_time_begins_anew_and_spoils_nothing) {
  const Dataset data = moons();
  for (const int step : {1, 40}) {
    Training training(experiment(4, "epochs = 8\nweight_average = 0.9\n"), data);
    for (int made = 0; made < step; ++made) ASSERT_TRUE(training.step());
    TrainingState state = training.state();
    Snapshot spoilt = *state.now;
    spoilt.state.at<float>("member_2.dense_1.weights")[0] = std::numeric_limits<float>::quiet_NaN();
    state.now = std::make_shared<const Snapshot>(spoilt);
    training.restore(state);
    const Summary& summary = training.run();
    EXPECT_EQ(summary.status, "completed") << summary.stop_reason;
    EXPECT_TRUE(training.engine().is_finite());
    EXPECT_EQ(training.engine().state().at<std::int64_t>(StateLayout::numbers_name)[1], 5);  // the second of the next four
    EXPECT_LT(metric_of(summary.validation, "loss"), 0.6);
    EXPECT_TRUE(std::isfinite(metric_of(summary.train, "loss")));
  }
}

TEST(Pack, in_which_all_members_diverge_is_a_run_that_diverged) {
  Experiment e = experiment(3, "epochs = 8\n");
  e.update.optimizer["learning_rate"] = 1e38;
  e.update.optimizer["name"] = "sgd";
  Training training(e, moons());
  EXPECT_EQ(training.run().status, "diverged");
}

TEST(Pack, the_members_that_are_averaged_are_few_where_the_others_are_bad) {
  const Dataset data = moons();
  Training training(experiment(4, "epochs = 10\n"), data);
  training.run();
  const Plan& plan = training.engine().plan();
  const auto executor = make_pool(1);
  Block state = training.engine().state();
  for (const int m : {2, 4}) {  // answers that are sure and wrong half of the time
    float* bias = state.at<float>("member_" + std::to_string(m) + ".dense_2.bias");
    bias[0] = 40, bias[1] = -40;
  }
  const std::vector<int> chosen = Candidates(plan, state, *executor).chosen();
  for (const int m : chosen) EXPECT_TRUE(m == 0 || m == 2) << m;
  EXPECT_FALSE(chosen.empty());
}

TEST(Pack, with_folds_each_member_leaves_out_one_part_of_the_rows_and_all_rows_judge) {
  const Dataset data = moons(203);
  Experiment e = experiment(6, "epochs = 4\nbatch_size = 32\ncalibration = \"temperature\"\n", "", "pack_folds = 3");
  e.data.validation = Value();
  const auto prepared = Prepared::make(data, e);
  const auto plan = Plan::make(e, prepared);
  EXPECT_EQ(plan->folds(), 3);
  std::vector<std::int64_t> sizes(3), ones(3);
  for (std::size_t r = 0; r < plan->fold_of().size(); ++r) {
    const auto fold = static_cast<std::size_t>(plan->fold_of()[r]);
    ++sizes[fold], ones[fold] += prepared->parts().train.y.as<double>()[r] == 1;
  }
  EXPECT_LE(*std::max_element(sizes.begin(), sizes.end()) - *std::min_element(sizes.begin(), sizes.end()), 1);
  EXPECT_LE(*std::max_element(ones.begin(), ones.end()) - *std::min_element(ones.begin(), ones.end()), 1);
  EXPECT_EQ(plan->member(0).rate_factor, plan->member(2).rate_factor);  // the members of one setting, one for each fold
  EXPECT_NE(plan->member(2).rate_factor, plan->member(3).rate_factor);

  // Rows that a member leaves out do not change it: they may have other targets.
  const auto executor = make_pool(1);
  Feed other;
  for (std::size_t r = 0; r < plan->fold_of().size(); ++r) {
    const bool is_left_out = plan->fold_of()[r] == 1;
    other.targets_of.push_back(static_cast<std::int64_t>(is_left_out ? plan->fold_of().size() - 1 - r : r));
  }
  tend::Run run(plan, *executor), changed(plan->with(other), *executor);
  for (int step = 0; step < 5; ++step) run.step(), changed.step();
  const auto weights = [](const tend::Run& of, const char* name) { return of.state().doubles(of.state().directory().at(name)); };
  for (const char* leaves_out_fold_1 : {"member_2.dense_2.weights", "member_5.dense_1.weights"})
    EXPECT_EQ(weights(run, leaves_out_fold_1), weights(changed, leaves_out_fold_1)) << leaves_out_fold_1;
  EXPECT_NE(weights(run, "member_1.dense_2.weights"), weights(changed, "member_1.dense_2.weights"));

  const Metrics all = run.evaluate(PartName::validation),
                some = run.evaluate(PartName::validation, {.are_all = false, .named = {"calibrated_loss"}});
  EXPECT_EQ(some, (Metrics{{"loss", metric_of(all, "loss")},
                           {"accuracy", metric_of(all, "accuracy")},
                           {"calibrated_loss", metric_of(all, "calibrated_loss")}}));

  Training training(e, data);
  const Summary& summary = training.run();
  EXPECT_EQ(summary.validation_rows, summary.train_rows);
  EXPECT_GT(metric_of(summary.validation, "accuracy"), 0.7);
  EXPECT_GT(metric_of(summary.validation, "loss"), metric_of(summary.train, "loss"));  // rows left out are harder
  EXPECT_EQ(training.model().inside().network().members() % 3, 0);
}

TEST(Pack, refuses_folds_that_do_not_fit) {
  const Dataset data = moons(60);
  const auto refusal = [&](int pack, const std::string& network, bool has_validation) {
    Experiment e = experiment(pack, "epochs = 1\n", "", network);
    if (!has_validation) e.data.validation = Value();
    try {
      Training(e, data);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(refusal(4, "pack_folds = 3", false).find("multiple"), std::string::npos);
  EXPECT_NE(refusal(3, "pack_folds = 3", true).find("data.validation"), std::string::npos);
  EXPECT_EQ(refusal(1, "pack_folds = 3", true), "");  // a single network has no folds
}

TEST(Pack, of_numbers_averages_values_in_the_units_of_the_target) {
  Array x({200, 1}, ElementType::float64), y({200, 1}, ElementType::float64);
  for (std::int64_t i = 0; i < 200; ++i) {
    x.as<double>()[i] = static_cast<double>(i) / 100 - 1;
    y.as<double>()[i] = 500 + 100 * std::sin(3 * x.as<double>()[i]);
  }
  const Experiment e = Experiment::parse(
      "data.validation = 0.3\nprepare.target = \"standardize\"\n[network]\nlayers = [{ dense = 16 }, \"tanh\", { dense = 1 }]\npack = "
      "5\n[loss]\nname = \"mean_squared_error\"\n[update]\noptimizer = { name = \"adam\", learning_rate = 0.02 }\n[train]\nepochs "
      "= 40\n",
      "test");
  Training training(e, Dataset::regression(x, y));
  EXPECT_GT(metric_of(training.run().validation, "r2"), 0.95);
}

TEST(Pack, a_network_without_weights_is_refused) {
  try {
    Network(parse_toml("layers = [\"relu\"]", "test")["layers"], {2}, {}, {}, 2);
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("network.pack"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace tend::pack_test
