#include "tend/trial/advice.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"
#include "tend/check/preflight.h"
#include "tend/experiment/infer.h"
#include "tests/sampled.h"

namespace tend::advice_test {

std::string advised(Changes (*advice)(const TrialContext&), const std::string& layers, const std::string& more = "") {
  const Training training(small_experiment(layers, more), small_classes());
  return text_of(advice(tend::Setup(training)));
}

std::string weights(const tend::Setup& setup) { return text_of(suitable_weights(setup)); }
std::string weights_of(const std::string& layers) {
  const Training training(small_experiment(layers), small_classes());
  return weights(tend::Setup(training));
}

const std::filesystem::path faulty = std::filesystem::path(TEND_SOURCE_DIR) / ".." / "shared" / "faulty";

/// A faulty program and the check whose first alarm has changes.
struct Fault {
  const char *program, *check;
};
class FaultyProgram : public testing::TestWithParam<Fault> {};

std::optional<CheckResult> first_alarm(const Experiment& experiment, const Dataset& data, const DataPlaces& places,
                                       const char* check) {
  TrainingOptions options;
  options.places = places;
  const Training training(experiment, data, options);
  PreflightOptions only;
  only.only = {check};
  for (const CheckLine& line : preflight(training, only).lines)
    if (line.result.is_alarm()) return line.result;
  return {};
}

TEST(Advice, joined_changes_set_a_key_once) {
  const Changes first{{.path = "prepare.steps", .value = "impute"}, {.path = "train.batch_size", .value = 8}};
  const Changes both = joined(first, {{.path = "prepare.steps", .value = "standardize"}});
  EXPECT_EQ(text_of(both), "train.batch_size = 8; prepare.steps = \"standardize\"");
}

TEST(Advice, standardizes_after_the_steps_that_change_rows_and_before_those_that_augment) {
  const std::string dense = R"([{ dense = 8 }, "relu", { dense = 3 }])";
  EXPECT_EQ(advised(standardized_inputs, dense), "prepare.steps = [\"standardize\"]");
  EXPECT_EQ(advised(standardized_inputs, dense, "[prepare]\nsteps = [\"impute\", \"one_hot\"]\n"),
            R"(prepare.steps = ["impute", "one_hot", "standardize"])");
  Array x({30, 6, 6, 1}, ElementType::float32), y({30, 1}, ElementType::float64);
  for (std::int64_t i = 0; i < x.shape().count(); ++i) x.as<float>()[i] = static_cast<float>(i % 7);
  for (std::int64_t i = 0; i < 30; ++i) y.as<double>()[i] = static_cast<double>(i % 3);
  const Training images(
      small_experiment(R"(["flatten", { dense = 3 }])",
                       "[prepare]\nsteps = [{ scale = 100.0 }, { random_crop = 6, padding = 1 }, \"flip_horizontal\"]\n"),
      Dataset::classification(x, y, 3));
  const Value steps = standardized_inputs(tend::Setup(images)).at(0).value;
  EXPECT_EQ(steps.array_items().at(1), Value("standardize"));
  EXPECT_EQ(steps.array_items().size(), 4u);
}

TEST(Advice, imputes_first) {
  EXPECT_EQ(advised(imputed_inputs, "[{ dense = 3 }]", "[prepare]\nsteps = [\"standardize\"]\n"),
            R"(prepare.steps = ["impute", "standardize"])");
}

TEST(Advice, changes_only_initializers_that_are_not_suitable) {
  EXPECT_EQ(weights_of(R"([{ dense = 64, initializer = "he_uniform" }, "relu", { dense = 3 }])"), "") << "as wide as he_normal";
  EXPECT_EQ(
      weights_of(
          R"([{ dense = 64, initializer = { normal = 9.0 }, bias_initializer = { constant = -40.0 } }, "relu", { dense = 3 }])"),
      R"(network.layers.dense_1.initializer = "he_normal"; network.layers.dense_1.bias_initializer = "zeros")");
  Experiment e = small_experiment(R"([{ dense = 64 }, "relu", { dense = 64 }, "relu", { dense = 3 }])");
  e.network.initializer = "zeros";
  const Training training(e, small_classes());
  EXPECT_EQ(weights(tend::Setup(training)), R"(network.initializer = "he_normal")");
}

TEST(Advice, replaces_activations_from_the_last_to_the_first_and_their_weights) {
  const Training training(
      small_experiment(
          R"([{ dense = 64, initializer = "xavier" }, "tanh", { dense = 64 }, { tanh = true, name = "bend" }, { dense = 3 }])"),
      small_classes());
  EXPECT_EQ(
      text_of(activations_at(tend::Setup(training), {1, 3}, "relu")),
      R"(network.layers.bend = { relu = true, name = "bend" }; network.layers.tanh_1 = "relu"; network.layers.dense_1.initializer = "he_normal")");
}

TEST(Advice, puts_a_normalization_before_each_hidden_activation) {
  EXPECT_EQ(
      advised(normalized_activations, R"([{ dense = 8 }, "relu", { dense = 8 }, "batch_norm", "relu", { dense = 3 }, "relu"])"),
      R"(insert "batch_norm" before network.layers.relu_1)");
}

TEST(Advice, makes_a_layer_linear_instead_of_removing_it_where_another_layer_names_it) {
  const Training training(
      small_experiment(R"([{ dense = 3 }, { relu = true, name = "bend" }, { dense = 3 }, { add = ["bend", "dense_2"] }])"),
      small_classes());
  const tend::Setup setup(training);
  const Change change = without(setup, setup.network().nodes()[1]);
  EXPECT_EQ(text_of(change), R"(network.layers.bend = { linear = true, name = "bend" })");
  EXPECT_NO_THROW(Training(changed(setup.experiment(), {change}), small_classes()));
}

/// The remedy of each check, on real programs: applied, the alarm is gone.
TEST_P(FaultyProgram, has_no_such_alarm_after_the_changes_of_the_alarm) {
  if (!std::filesystem::exists(faulty)) GTEST_SKIP() << "../shared/faulty is not here";
  const Experiment experiment = Experiment::read((faulty / GetParam().program / "faulty.toml").string());
  const DataPlaces places{experiment.folder, {(faulty / ".." / "data").string()}};
  Dataset data;
  std::vector<Inferred> reasons;
  infer_from_source(experiment, places, data, reasons);
  const auto alarm = first_alarm(experiment, data, places, GetParam().check);
  ASSERT_TRUE(alarm);
  ASSERT_FALSE(alarm->changes.empty()) << alarm->message << " " << alarm->advice;
  const auto after = first_alarm(changed(experiment, alarm->changes), data, places, GetParam().check);
  EXPECT_TRUE(!after || after->cause != alarm->cause) << alarm->message << "\n"
                                                      << text_of(alarm->changes) << "\n"
                                                      << after->message;
}

INSTANTIATE_TEST_SUITE_P(Shared, FaultyProgram,
                         testing::ValuesIn(sampled<Fault>({Fault{"A1", "initialization"},
                                                           Fault{"AT03", "initialization"},
                                                           Fault{"AT09", "initialization"},
                                                           Fault{"A2", "learning_rate_range"},
                                                           Fault{"A4", "initialization"},
                                                           Fault{"AT01", "output_and_loss"},
                                                           Fault{"C03", "output_and_loss"},
                                                           Fault{"C11", "data_statistics"},
                                                           Fault{"C21", "output_and_loss"},
                                                           Fault{"F01_base", "data_statistics"},
                                                           Fault{"F01_regr", "small_inputs"},
                                                           Fault{"F05_base", "update_settings"},
                                                           Fault{"F07_deep", "architecture"},
                                                           Fault{"F11_base", "regularization_raises_loss"},
                                                           Fault{"F13_base", "output_and_loss"},
                                                           Fault{"F15_base", "hidden_activations"},
                                                           Fault{"F17_regr", "output_and_loss"},
                                                           Fault{"F19_deep", "initialization"},
                                                           Fault{"H1_dropout", "regularization_raises_loss"},
                                                           Fault{"L01", "learning_rate_range"},
                                                           Fault{"L13", "data_statistics"},
                                                           Fault{"L26", "row_order"},
                                                           Fault{"L38", "architecture"},
                                                           Fault{"L39", "capacity"},
                                                           Fault{"L40", "architecture"},
                                                           Fault{"L43", "output_and_loss"},
                                                           Fault{"L47", "architecture"}})),
                         [](const auto& info) { return std::string(info.param.program); });

}  // namespace tend::advice_test
