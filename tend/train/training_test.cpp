#include "tend/train/training.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tend/base/random.h"
#include "tend/base/write_whole.h"
#include "tend/prepare/step.h"
#include "tend/train/model_parts.h"

namespace tend::training_test {
namespace {

/// Two rings of points if `classes` is 2, otherwise the sum of two numbers as target.
Dataset rings(std::int64_t n = 600) {
  Array x({n, 2}, ElementType::float32), y({n, 1}, ElementType::float64);
  Random random(3, purpose("rings"));
  for (std::int64_t i = 0; i < n; ++i) {
    const double angle = random.uniform(0, 6.283185307), radius = (i % 2 ? 2 : 1) + 0.1 * random.normal();
    x.as<float>()[2 * i] = static_cast<float>(radius * std::cos(angle));
    x.as<float>()[2 * i + 1] = static_cast<float>(radius * std::sin(angle));
    y.as<double>()[i] = static_cast<double>(i % 2);
  }
  return Dataset::classification(x, y, 2);
}

Dataset line(std::int64_t n = 400) {
  Array x({n, 2}, ElementType::float64), y({n, 1}, ElementType::float64);
  Random random(4, purpose("line"));
  for (std::int64_t i = 0; i < n; ++i) {
    x.as<double>()[2 * i] = random.normal(), x.as<double>()[2 * i + 1] = random.normal();
    y.as<double>()[i] = 1000 + 50 * x.as<double>()[2 * i] - 20 * x.as<double>()[2 * i + 1];
  }
  return Dataset::regression(x, y);
}

Experiment parse(const std::string& more = "", const std::string& layers = R"([{ dense = 32 }, "relu", { dense = 2 }])") {
  return Experiment::parse(
      "seed = 5\n[data]\nvalidation = 0.2\ntest = 0.1\n[network]\nlayers = " + layers +
          "\n[loss]\nname = \"softmax_cross_entropy\"\n[update]\noptimizer = { name = \"adam\", learning_rate = 0.01 }\n" + more,
      "test");
}

TrainingOptions threads(int n) {
  TrainingOptions options;
  options.threads = n;
  return options;
}

std::vector<std::byte> bytes_after(const Experiment& experiment, const Dataset& data, int thread_count) {
  Training training(experiment, data, threads(thread_count));
  training.run();
  return training.model().to_bytes();
}

TEST(Training, learns_two_rings) {
  Training training(parse("[train]\nepochs = 40\n"), rings());
  const Summary& summary = training.run();
  EXPECT_EQ(summary.status, "completed");
  EXPECT_EQ(summary.epochs, 40);
  EXPECT_EQ(summary.train_rows + summary.validation_rows + summary.test_rows, 600);
  EXPECT_EQ(summary.steps, 40 * ((summary.train_rows + 31) / 32));
  ASSERT_EQ(summary.test[1].first, "accuracy");
  EXPECT_GT(summary.test[1].second, 0.95);
  EXPECT_LT(summary.initial[0].second, 3);
}

TEST(Training, the_bits_do_not_depend_on_the_number_of_threads) {
  const Experiment wide = parse(
      "clip_norm = 1.0\n[train]\nepochs = 2\nbatch_size = 100\nweight_average = 0.9\n",
      R"([{ dense = 300, l2 = 1e-4, l1 = 1e-6, max_norm = 1.5 }, "batch_norm", "gelu", { dropout = 0.3 }, { dense = 257 }, "tanh", { dense = 2 }])");
  const Dataset data = rings(2050);
  const auto one = bytes_after(wide, data, 1);
  for (int n : {2, 3, 4}) EXPECT_EQ(one, bytes_after(wide, data, n)) << n << " threads";
}

TEST(Training, the_bits_of_convolutions_do_not_depend_on_the_number_of_threads) {
  Array x({90, 12, 11, 3}, ElementType::uint8), y({90, 1}, ElementType::float64);
  for (std::int64_t i = 0; i < x.shape().count(); ++i) x.as<std::uint8_t>()[i] = static_cast<std::uint8_t>(i * 7919 % 251);
  for (std::int64_t i = 0; i < 90; ++i) y.as<double>()[i] = static_cast<double>(i % 2);
  const Experiment experiment = parse(
      "[train]\nepochs = 2\nbatch_size = 32\n",
      R"([{ conv2d = 17, padding = "same" }, "batch_norm", "relu", { max_pool2d = 2 }, { conv2d = 20 }, "elu", "flatten", { dense = 2 }])");
  const Dataset data = Dataset::classification(x, y, 2);
  const auto one = bytes_after(experiment, data, 1);
  for (int n : {2, 3, 4}) EXPECT_EQ(one, bytes_after(experiment, data, n)) << n << " threads";
}

TEST(Training, the_bits_of_layers_that_normalize_look_up_and_choose_do_not_depend_on_the_number_of_threads) {
  Array x({300, 40, 4}, ElementType::uint8), y({300, 1}, ElementType::float64);
  for (std::int64_t i = 0; i < x.shape().count(); ++i) x.as<std::uint8_t>()[i] = static_cast<std::uint8_t>(i * 7919 % 251);
  for (std::int64_t i = 0; i < 300; ++i) y.as<double>()[i] = static_cast<double>(i % 2);
  const Dataset data = Dataset::classification(x, y, 2);
  const Experiment experiment = parse("[train]\nepochs = 2\nbatch_size = 100\n",
                                      R"(["flatten", { embedding = 12, vocabulary = 251 },
    { conv1d = 24, padding = "same", initializer = "data_dependent" }, { group_norm = 4 }, "prelu", { reshape = [16, -1, 24] },
    { depthwise_conv2d = 2, stride = 2 }, { layer_norm = true, over = "last" }, { prelu = 0.1, shared = true }, "flatten", "layer_norm",
    { maxout = 30, pieces = 3 }, { dense = 2 }])");
  const auto one = bytes_after(experiment, data, 1);
  for (int n : {2, 3}) EXPECT_EQ(one, bytes_after(experiment, data, n)) << n << " threads";
}

TEST(Training, data_dependent_weights_start_alike_whatever_the_scale_of_the_data) {
  const auto first_loss = [](int scale, const char* initializer) {
    const std::string of = std::string(", initializer = \"") + initializer + "\" }";
    Training training(parse("[prepare]\nsteps = [{ scale = " + std::to_string(scale) + " }]\n[train]\nepochs = 1\n",
                            "[{ dense = 32" + of + ", \"relu\", { dense = 2" + of + "]"),
                      rings());
    return training.run().initial[0].second;
  };
  EXPECT_NEAR(first_loss(1, "data_dependent"), first_loss(1000, "data_dependent"), 1e-5);
  EXPECT_GT(std::abs(first_loss(1, "orthogonal") - first_loss(1000, "orthogonal")), 1);
}

TEST(Training, each_augmenting_step_changes_what_is_learnt) {
  Array x({40, 8, 8, 1}, ElementType::uint8), y({40, 1}, ElementType::float64);
  for (std::int64_t i = 0; i < x.shape().count(); ++i) x.as<std::uint8_t>()[i] = static_cast<std::uint8_t>(i * 7919 % 251);
  for (std::int64_t i = 0; i < 40; ++i) y.as<double>()[i] = static_cast<double>(i % 2);
  const Dataset data = Dataset::classification(x, y, 2);
  const auto weights = [&](const std::string& step) {
    return bytes_after(parse("[prepare]\nsteps = [" + step + "]\n[train]\nepochs = 1\n", R"(["flatten", { dense = 2 }])"), data,
                       1);
  };
  const auto tensors = [](const std::vector<std::byte>& model) {  // the description before them names the steps
    return std::vector<std::byte>(model.end() - (64 * 2 + 2) * 4, model.end());
  };
  const auto plain = tensors(weights("{ scale = 0.01 }"));
  std::size_t tried = 0;
  for (const std::string& kind : builtin_steps().names()) {
    const std::string spec = kind == "random_crop" ? "{ random_crop = 8, padding = 2 }" : "\"" + kind + "\"";
    try {
      if (!builtin_steps().make(parse_toml("s = " + spec, "t")["s"], "step")->augments()) continue;
    } catch (const Error&) {
      continue;  // it needs a setting; of the augmenting steps only random_crop does
    }
    EXPECT_NE(tensors(weights("{ scale = 0.01 }, " + spec)), plain) << kind;
    ++tried;
  }
  EXPECT_GE(tried, 2u);
}

TEST(Training, windows_of_a_text_slide_where_rows_are_shuffled) {
  Array x({30, 6, 1}, ElementType::float32), y({30, 6}, ElementType::float64);
  for (std::int64_t i = 0; i < 180; ++i)
    x.as<float>()[i] = static_cast<float>(i * i % 7), y.as<double>()[i] = static_cast<double>((i + 1) * (i + 1) % 7);
  Dataset data = Dataset::classification(x, y, 7);
  const auto loss_of_first_batch = [&](bool is_text, bool shuffles) {
    data.is_text = is_text;
    Experiment e = parse("[train]\nepochs = 1\nbatch_size = 30\n", R"([{ dense = 7 }])");
    e.train.shuffle = shuffles;
    e.data.validation = e.data.test = 0.0;
    TrainingOptions options = threads(1);
    double loss = 0;
    options.on_event = [&](const Event& event) {
      if (event.kind == Event::Kind::step) loss = event.loss;
    };
    Training(e, data, options).step();
    return loss;
  };
  EXPECT_NE(loss_of_first_batch(true, true), loss_of_first_batch(false, true));
  EXPECT_EQ(loss_of_first_batch(true, false), loss_of_first_batch(false, false));
}

TEST(Training, two_trainings_side_by_side_do_not_disturb_each_other) {
  const Experiment experiment = parse("[train]\nepochs = 3\n");
  const Dataset data = rings();
  const auto alone = bytes_after(experiment, data, 1);
  Training a(experiment, data, threads(1)), b(experiment, data, threads(2));
  while (a.step() | b.step()) {
  }
  EXPECT_EQ(a.model().to_bytes(), alone);
  EXPECT_EQ(b.model().to_bytes(), alone);
}

TEST(Training, a_listener_changes_no_bit) {
  const Experiment experiment = parse("[train]\nepochs = 2\n");
  TrainingOptions listening = threads(2);
  int steps = 0, epochs = 0;
  listening.on_event = [&](const Event& e) { steps += e.kind == Event::Kind::step, epochs += e.kind == Event::Kind::epoch; };
  Training training(experiment, rings(), listening);
  training.run();
  EXPECT_EQ(epochs, 2);
  EXPECT_EQ(steps, training.summary().steps);
  EXPECT_EQ(training.model().to_bytes(), bytes_after(experiment, rings(), 1));
}

TEST(Training, early_stopping_ends_with_the_best_state) {
  Dataset data = rings(120);
  for (std::int64_t i = 0; i < 120; ++i)
    data.y.as<double>()[i] = static_cast<double>(i * i % 7 % 2);  // nothing that holds for other rows
  Training training(parse("[train]\nepochs = 200\nearly_stopping = { patience = 3 }\n"), data);
  const Summary& summary = training.run();
  EXPECT_EQ(summary.status, "stopped");
  EXPECT_NE(summary.stop_reason.find("validation.loss"), std::string::npos);
  EXPECT_EQ(summary.epochs, summary.best_epoch + 3);
  EXPECT_EQ(summary.validation, summary.best_validation);
}

TEST(Training, a_loss_that_is_not_finite_ends_the_run_and_spares_the_model) {
  Dataset data = rings(200);
  data.x.as<double>()[7] = std::numeric_limits<double>::quiet_NaN();
  Training training(parse("[train]\nepochs = 5\n"), data);
  const Summary& summary = training.run();
  EXPECT_EQ(summary.status, "diverged");
  ASSERT_TRUE(summary.first_nan_step.has_value());
  EXPECT_TRUE(std::isnan(summary.train[0].second));
  const std::vector<float> point{1, 0};
  std::vector<float> p(2);
  training.model().predict(point, p);
  EXPECT_TRUE(std::isfinite(p[0]));
}

TEST(Training, a_regression_is_told_in_the_targets_units) {
  Experiment experiment = parse("[train]\nepochs = 60\n", R"([{ dense = 1 }])");
  experiment.loss.name = "mean_squared_error";
  experiment.prepare.target = "standardize";
  Training training(experiment, line());
  const Summary& summary = training.run();
  ASSERT_EQ(summary.validation.size(), 4u);
  EXPECT_GT(summary.validation[3].second, 0.99);                          // r2
  EXPECT_GT(summary.validation[1].second, summary.validation[0].second);  // mse in units, loss in deviations
  const std::vector<float> point{1, 1};
  std::vector<float> value(1);
  training.model().predict(point, value);
  EXPECT_NEAR(value[0], 1030, 5);
}

/// The weights of the first layer after one step of descent at rate 1/2 on rows of zeros, from 1/2: only the layer's own settings
/// change them. Two balanced classes.
std::vector<double> weights_after_a_step(const std::string& layer, const Shape& row, double& reported) {
  std::vector<std::int64_t> sizes = row.sizes();
  sizes.insert(sizes.begin(), 4);
  Array x(Shape(sizes), ElementType::float32), y({4, 1}, ElementType::float64);
  y.as<double>()[1] = y.as<double>()[2] = 1;
  const Experiment e = Experiment::parse(
      "[network]\ninitializer = { constant = 0.5 }\nlayers = [" + layer + ", \"flatten\", { dense = 2 }]\n" +
          "[loss]\nname = \"softmax_cross_entropy\"\n[update]\noptimizer = { name = \"sgd\", learning_rate = 0.5 }\n" +
          "[train]\nepochs = 1",
      "test");
  Training training(e, Dataset::classification(x, y, 2), threads(1));
  reported = training.run().train[0].second;
  const Model model = training.model();
  const Block& state = model.inside().state;
  return state.doubles(state.directory().places().front());
}

TEST(Training, penalties_and_the_largest_norm_act_on_weights_and_not_on_reported_losses) {
  const struct {
    const char* layer;
    Shape row;
    double weight;
  } cases[] = {{"{ dense = 2 }", {3}, 0.5},
               {"{ dense = 2, l2 = 0.2 }", {3}, 0.4},   // 1/2 - 1/2 (2 0.2 1/2)
               {"{ dense = 2, l1 = 0.1 }", {3}, 0.45},  // 1/2 - 1/2 0.1
               {"{ dense = 2, l1 = 0.1, l2 = 0.2 }", {3}, 0.35},
               {"{ dense = 2, l1 = 0.1, l2 = 0.2, max_norm = 0.3 }", {3}, 0.3 / std::sqrt(3.0)},
               {"{ dense = 2, max_norm = 1 }", {3}, 0.5},                          // their norm is 0.87
               {"{ conv2d = 3, kernel = 2, max_norm = 0.5 }", {2, 2, 1}, 0.25},    // a filter of four weights
               {"{ conv2d = 3, kernel = 2, max_norm = 0.5 }", {2, 2, 4}, 0.125}};  // a filter of sixteen weights
  for (const auto& c : cases) {
    double reported = 0;
    for (const double w : weights_after_a_step(c.layer, c.row, reported)) EXPECT_NEAR(w, c.weight, 1e-6) << c.layer;
    EXPECT_NEAR(reported, std::log(2.0), 1e-6) << c.layer;
  }
}

TEST(Training, a_weight_average_is_that_of_the_steps_and_disturbs_none) {
  const char* layers = R"([{ dense = 5 }, "batch_norm", "relu", { dense = 2 }])";
  Training plain(parse("[train]\nepochs = 2\n", layers), rings(), threads(1));
  Training averaging(parse("[train]\nepochs = 2\nweight_average = 0.9\n", layers), rings(), threads(2));
  std::vector<std::vector<double>> sums;
  double weights = 0;
  for (int step = 0; step < 20; ++step) {
    plain.step();
    averaging.step();
    weights = 0.9 * weights + 1;
    const Model model = plain.model();
    const Block& state = model.inside().state;
    sums.resize(state.directory().places().size());
    for (std::size_t p = 0; p < sums.size(); ++p) {
      const Place& place = state.directory().places()[p];
      if (place.kind == PlaceKind::counter) continue;
      const std::vector<double> now = state.doubles(place);
      sums[p].resize(now.size());
      for (std::size_t i = 0; i < now.size(); ++i) sums[p][i] = 0.9 * sums[p][i] + now[i];
    }
  }
  const Model model = averaging.model();
  for (std::size_t p = 0; p < sums.size(); ++p)
    for (std::size_t i = 0; i < sums[p].size(); ++i)
      EXPECT_NEAR(model.inside().state.doubles(model.inside().state.directory().places()[p])[i], sums[p][i] / weights, 1e-5) << p;
}

TEST(Training, a_weight_average_is_what_is_measured_stopped_by_and_saved) {
  const std::string file =
      "seed = 5\n[network]\nlayers = [{ dense = 16 }, \"relu\", { dense = 2 }]\n[loss]\nname = \"softmax_cross_entropy\"\n[train]\n";
  Training plain(Experiment::parse(file + "epochs = 3", "test"), rings());
  Training averaging(Experiment::parse(file + "epochs = 3\nweight_average = 0.95\nearly_stopping = {}", "test"), rings());
  EXPECT_EQ(averaging.run().initial, plain.run().initial);
  EXPECT_NE(averaging.summary().train, plain.summary().train);
  EXPECT_EQ(averaging.summary().history.back().batch_loss, plain.summary().history.back().batch_loss);
  EXPECT_EQ(averaging.model().evaluate(rings()), averaging.summary().train);
  EXPECT_EQ(averaging.summary().train,
            averaging.summary().history[static_cast<std::size_t>(averaging.summary().best_epoch - 1)].train);
}

TEST(Training, a_stop_token_interrupts_within_a_step) {
  std::stop_source source;
  TrainingOptions options;
  options.stop = source.get_token();
  options.on_event = [&](const Event& e) {
    if (e.kind == Event::Kind::step && e.step == 7) source.request_stop();
  };
  Training training(parse("[train]\nepochs = 50\n"), rings(), options);
  EXPECT_EQ(training.run().status, "interrupted");
  EXPECT_EQ(training.summary().steps, 7);
}

TEST(Training, wrong_widths_and_words_are_told) {
  const auto message = [](Experiment e) {
    try {
      Training(e, rings());
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  Experiment three = parse();
  three.network.layers = parse_toml("l = [{ dense = 3 }, { dense = 1 }, { dense = 1 }]", "t")["l"];
  EXPECT_EQ(message(three), "no error");  // one output may stand for two classes
  Experiment metric = parse();
  metric.train.metric = "validation.acuracy";
  EXPECT_NE(message(metric).find("validation.accuracy"), std::string::npos);
  Experiment loss = parse();
  loss.loss.name = "softmax_crossentropy";
  EXPECT_NE(message(loss).find("softmax_cross_entropy"), std::string::npos);
}

TEST(Model, is_the_same_after_saving_and_loading_and_for_many_threads) {
  Training training(parse("[prepare]\nsteps = [\"standardize\"]\n[train]\nepochs = 5\n"), rings());
  training.run();
  const std::string path = (std::filesystem::temp_directory_path() / "tend_model_test.safetensors").string();
  training.model().save(path);
  const Model model = Model::load(path);
  std::filesystem::remove(path);
  const Dataset data = rings(333);
  const Prediction wanted = training.model().predict(data);
  EXPECT_EQ(wanted.width, 2);
  std::vector<std::jthread> all;
  std::vector<Prediction> got(4);
  for (Prediction& p : got) all.emplace_back([&] { p = model.predict(data); });
  all.clear();
  for (const Prediction& p : got) EXPECT_EQ(p.outputs, wanted.outputs);
  EXPECT_EQ(model.evaluate(data), training.model().evaluate(data));
}

TEST(Model, damaged_files_never_load_half) {
  Training training(parse("[train]\nepochs = 1\n"), rings(100));
  training.run();
  const auto good = training.model().to_bytes();
  Random random(2, purpose("damage"));
  for (int i = 0; i < 400; ++i) {
    auto bytes = good;
    if (i % 2) bytes.resize(random.below(bytes.size()));
    else bytes[random.below(std::min<std::size_t>(bytes.size(), 3000))] ^= static_cast<std::byte>(1u << random.below(8));
    try {
      const Model model = Model::load(bytes, "model");
      model.predict(rings(3));
    } catch (const Error& e) {
      EXPECT_FALSE(e.where.empty());
    }
  }
}

/// Rows of `places` zeros and ones; the target of each place is the number at the place before it.
Dataset echoes(std::int64_t n, std::int64_t places) {
  Array x({n, places, 1}, ElementType::float32), y({n, places}, ElementType::float64);
  Random random(5, purpose("echoes"));
  for (std::int64_t i = 0; i < n * places; ++i) {
    x.as<float>()[i] = static_cast<float>(random.below(2));
    y.as<double>()[i] = i % places == 0 ? 0 : static_cast<double>(x.as<float>()[i - 1]);
  }
  return Dataset::classification(x, y, 2);
}

TEST(Training, learns_a_target_for_each_place_of_a_row) {
  for (const char* layers : {R"([{ lstm = 12 }, { dense = 2 }])", R"([{ gru = 12 }, { dense = 2 }])"}) {
    Training training(parse("[train]\nepochs = 30\nbatch_size = 20\n", layers), echoes(300, 8));
    const Summary& summary = training.run();
    EXPECT_GT(metric_of(summary.test, "accuracy"), 0.98) << layers;
    EXPECT_LT(metric_of(summary.test, "loss"), 0.2) << layers;
  }
}

TEST(Training, attention_learns_what_lies_one_place_before) {
  Training training(
      parse(
          "[train]\nepochs = 60\nbatch_size = 20\n",
          R"([{ dense = 16, name = "in" }, { positions = true, initializer = { normal = 0.3 } }, { attention = 2, causal = true },
                              { add = ["positions_1", "attention_1"] }, { dense = 32 }, "relu", { dense = 2 }])"),
      echoes(600, 6));
  EXPECT_GT(metric_of(training.run().test, "accuracy"), 0.95);
}

TEST(Training, the_bits_of_sequences_do_not_depend_on_the_number_of_threads) {
  const Experiment e = parse("[train]\nepochs = 1\nbatch_size = 64\n",
                             R"([{ dense = 16 }, { attention = 2, causal = true }, { lstm = 24 }, { gru = 24 }, { dense = 2 }])");
  const Dataset data = echoes(200, 20);
  const std::vector<std::byte> one = bytes_after(e, data, 1);
  EXPECT_EQ(one, bytes_after(e, data, 2));
  EXPECT_EQ(one, bytes_after(e, data, 3));
}

TEST(Model, of_places_gives_the_classes_of_each_and_is_the_same_after_loading) {
  const Dataset data = echoes(60, 5);
  Training training(parse("[train]\nepochs = 1\n", R"([{ lstm = 4 }, { dense = 2 }])"), data);
  training.run();
  const Model model = training.model(), again = Model::load(model.to_bytes(), "copy");
  const Prediction p = model.predict(data), q = again.predict(data);
  EXPECT_EQ(p.width, 10);
  EXPECT_EQ(p.classes.size(), 300u);
  EXPECT_EQ(p.outputs, q.outputs);
  EXPECT_NEAR(p.outputs[0] + p.outputs[1], 1, 1e-6);
  EXPECT_EQ(metric_of(model.evaluate(data), "loss"), metric_of(again.evaluate(data), "loss"));
}

TEST(Training, finds_parts_that_are_given_by_path_in_the_folder_of_the_experiment) {
  const std::string folder = "/tmp/tend_parts_" + std::to_string(::getpid());
  std::filesystem::create_directories(folder);
  std::string rows = "a,b,label\n";
  for (int i = 0; i < 40; ++i) rows += std::to_string(i % 7) + "," + std::to_string(i % 3) + "," + (i % 2 ? "x" : "y") + "\n";
  write_whole(folder + "/all.csv", rows);
  write_whole(folder + "/held_out.csv", rows.substr(0, rows.find('\n', rows.size() / 2) + 1));
  const Experiment experiment = Experiment::parse(R"(
data = { source = "all.csv", target = "label", validation = "held_out.csv" }
network.layers = [{ dense = 2 }]
loss.name = "softmax_cross_entropy"
train.epochs = 1
)",
                                                  "e.toml");
  const DataPlaces places{.folder = folder, .registered = {}};
  TrainingOptions options;
  options.places = places;
  Training training(experiment, read_dataset(experiment.data.source, experiment.data, places), options);
  EXPECT_GT(training.run().validation_rows, 15);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace tend::training_test
