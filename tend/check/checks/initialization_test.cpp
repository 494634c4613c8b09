#include "tend/check/checks/initialization.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::initialization_test {

namespace {

/// Rows of N(0, 1), as the lecture's; classes by chance.
Dataset noise(std::int64_t features, std::int64_t n = 200) {
  Array x({n, features}, ElementType::float32), y({n, 1}, ElementType::float64);
  Random random(3, purpose("noise"));
  for (std::int64_t i = 0; i < n * features; ++i) x.as<float>()[i] = static_cast<float>(random.normal());
  for (std::int64_t i = 0; i < n; ++i) y.as<double>()[i] = static_cast<double>(i % 2);
  return Dataset::classification(x, y, 2);
}

std::string stack(int depth, int units, const std::string& activation, const std::string& initializer) {
  std::string layers = "[";
  for (int i = 0; i < depth; ++i)
    layers += "{ dense = " + std::to_string(units) + ", initializer = " + initializer + " }, \"" + activation + "\", ";
  return layers + "{ dense = 2 }]";
}

/// The lecture's experiment: ten layers of 500 units.
CheckResult ten_layers(const std::string& activation, const std::string& initializer) {
  return checked(Initialization{}, stack(10, 500, activation, initializer), noise(500)).at(0);
}

double recorded(const CheckResult& r, const std::string& layer, const char* key) {
  for (const Value& v : r.record.find("layers")->array_items())
    if (v.find("layer")->string() == layer) return v.find(key)->number();
  return NAN;
}

}  // namespace

TEST(Initialization, sees_small_weights_collapse_through_ten_tanh_layers) {
  const CheckResult r = ten_layers("tanh", "{ normal = 0.01 }");
  EXPECT_NEAR(recorded(r, "tanh_1", "deviation"), 0.01 * std::sqrt(500), 0.02);  // sqrt(fan_in) times 0.01 a layer
  EXPECT_LT(recorded(r, "tanh_10", "deviation"), 1e-6);
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_EQ(r.cause, "init");
  EXPECT_EQ(r.layer, "tanh_10");
}

TEST(Initialization, sees_large_weights_saturate_ten_tanh_layers) {
  const CheckResult r = ten_layers("tanh", "{ normal = 1.0 }");
  EXPECT_GT(recorded(r, "tanh_10", "deviation"), 0.95);
  EXPECT_NEAR(recorded(r, "tanh_10", "flat_fraction"), 0.89, 0.03);  // P(|z| > 3) for z of N(0, 500 * 0.97)
  EXPECT_EQ(r.verdict, Verdict::warn);
  EXPECT_EQ(r.cause, "init");
  EXPECT_EQ(text_of(r.changes[0]), "network.layers.dense_1.initializer = \"glorot_uniform\"");
}

TEST(Initialization, sees_saturation_in_narrower_layers_in_a_single_one_and_of_sigmoids) {
  for (const auto& [depth, units, activation] :
       {std::tuple{10, 100, "tanh"}, {1, 100, "tanh"}, {3, 50, "tanh"}, {5, 500, "sigmoid"}}) {
    const CheckResult r = checked(Initialization{}, stack(depth, units, activation, "{ normal = 1.0 }"), noise(64)).at(0);
    EXPECT_EQ(r.verdict, Verdict::warn) << r.message;
    EXPECT_EQ(r.cause, "init");
    EXPECT_NE(r.message.find("saturated before the first step; initial weights are too large"), std::string::npos) << r.message;
  }
  EXPECT_EQ(checked(Initialization{}, stack(5, 100, "tanh", "\"he_normal\""), noise(64)).at(0).verdict, Verdict::pass);
}

TEST(Initialization, finds_ten_tanh_layers_sound_with_variance_one_over_fan_in) {
  const CheckResult r = ten_layers("tanh", "\"xavier\"");
  EXPECT_NEAR(recorded(r, "tanh_1", "deviation"), 0.63, 0.02);   // tanh of N(0, 1)
  EXPECT_NEAR(recorded(r, "tanh_10", "deviation"), 0.24, 0.06);  // shrinks slowly, as 1 / sqrt(2 depth) does
  EXPECT_EQ(r.verdict, Verdict::pass) << r.message;
}

TEST(Initialization, sees_relu_halve_the_variance_with_xavier_and_keep_it_with_he) {
  const CheckResult xavier = ten_layers("relu", "\"xavier\""), he = ten_layers("relu", "\"he_normal\"");
  // Pre-activations: the variance is E[x^2] = half of the one before, times 2 with He.
  for (int layer = 2; layer <= 10; ++layer) {
    const std::string name = "dense_" + std::to_string(layer), before = "dense_" + std::to_string(layer - 1);
    const auto ratio = [&](const CheckResult& r) {
      return std::pow(recorded(r, name, "deviation") / recorded(r, before, "deviation"), 2);
    };
    EXPECT_NEAR(ratio(xavier), 0.5, 0.15) << name;
    EXPECT_NEAR(ratio(he), 1.0, 0.3) << name;
  }
  EXPECT_EQ(he.verdict, Verdict::pass) << he.message;
  EXPECT_EQ(xavier.verdict, Verdict::pass) << xavier.message;  // ten layers keep a thirtieth: slow, not lost
}

TEST(Initialization, blames_depth_where_the_spread_is_lost_in_thirty_relu_layers_with_usual_weights) {
  const CheckResult r = checked(Initialization{}, stack(30, 64, "relu", "\"xavier\""), noise(64)).at(0);
  EXPECT_TRUE(r.is_alarm());
  EXPECT_EQ(r.cause, "depth");
  EXPECT_LT(*r.value, 0.003);
  EXPECT_EQ(checked(Initialization{}, stack(30, 64, "relu", "\"he_normal\""), noise(64)).at(0).verdict, Verdict::pass);
}

TEST(Initialization, blames_ten_sigmoid_layers_for_the_lost_spread) {
  const CheckResult r = checked(Initialization{}, stack(10, 64, "sigmoid", "\"glorot_uniform\""), noise(64)).at(0);
  EXPECT_EQ(r.cause, "activation-hidden");
  EXPECT_EQ(checked(Initialization{}, stack(2, 64, "sigmoid", "\"glorot_uniform\""), noise(64)).at(0).verdict, Verdict::pass);
}

TEST(Initialization, finds_units_that_start_equal_and_stay_equal) {
  const CheckResult r =
      checked(Initialization{},
              R"([{ dense = 16, initializer = { constant = 0.01 } }, "relu", { dense = 3, initializer = { constant = 0.01 } }])",
              small_classes())
          .at(0);
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_EQ(r.cause, "init");
  EXPECT_EQ(r.layer, "dense_1");
  EXPECT_EQ(checked(Initialization{}, R"([{ dense = 16, initializer = "zeros" }, "relu", { dense = 3, initializer = "zeros" }])",
                    small_classes())
                .at(0)
                .cause,
            "init");
}

TEST(Initialization, accepts_zero_output_weights_and_units_that_a_step_makes_different) {
  EXPECT_EQ(checked(Initialization{}, R"([{ dense = 16 }, "relu", { dense = 3, initializer = "zeros" }])", small_classes())
                .at(0)
                .verdict,
            Verdict::pass);
  EXPECT_EQ(
      checked(Initialization{},
              R"([{ dense = 16, initializer = { constant = 0.3 } }, "tanh", { dense = 3, initializer = "glorot_uniform" }])",
              small_classes())
          .at(0)
          .verdict,
      Verdict::pass);
}

TEST(Initialization, finds_layers_whose_units_are_all_dead) {
  const CheckResult hidden = checked(Initialization{},
                                     R"([{ dense = 16, bias_initializer = { constant = -40.0 } }, "relu", { dense = 3 }])",
                                     small_classes())
                                 .at(0);
  EXPECT_EQ(hidden.verdict, Verdict::fail);
  EXPECT_EQ(hidden.cause, "init");
  EXPECT_DOUBLE_EQ(*hidden.value, 1);
  const CheckResult output =
      checked(Initialization{}, R"([{ dense = 16 }, "relu", { dense = 1, bias_initializer = { constant = -40.0 } }, "relu"])",
              small_values())
          .at(0);
  EXPECT_EQ(output.cause, "activation-output");
}

TEST(Initialization, advises_normalization_for_deep_narrow_stacks) {
  std::string layers = "[";
  for (int i = 0; i < 14; ++i) layers += "{ dense = 2, initializer = \"he_normal\" }, \"relu\", ";
  const CheckResult r = checked(Initialization{}, layers + "{ dense = 3 }]", small_classes()).at(0);
  EXPECT_EQ(r.cause, "depth");
  EXPECT_EQ(r.changes.size(), 14u);
  EXPECT_EQ(text_of(r.changes[0]), "insert \"batch_norm\" before network.layers.relu_1");
}

TEST(Initialization, finds_activations_that_explode_or_overflow) {
  const CheckResult grows = checked(Initialization{}, stack(6, 64, "relu", "{ normal = 2.0 }"), noise(64)).at(0);
  EXPECT_EQ(grows.cause, "init");
  EXPECT_EQ(grows.verdict, Verdict::fail);
  const CheckResult overflows = checked(Initialization{}, stack(8, 16, "exponential", "\"he_normal\""), noise(16)).at(0);
  EXPECT_EQ(overflows.verdict, Verdict::fail);
  EXPECT_EQ(overflows.cause, "activation-hidden");
}

TEST(Initialization, is_skipped_where_inputs_are_not_finite) {
  Array x({20, 2}, ElementType::float32), y({20, 1}, ElementType::float64);
  for (std::int64_t i = 0; i < 20; ++i) y.as<double>()[i] = static_cast<double>(i % 2), x.as<float>()[2 * i] = i % 2 ? NAN : 1.0f;
  const CheckResult r =
      checked(Initialization{}, R"([{ dense = 4 }, "relu", { dense = 2 }])", Dataset::classification(x, y, 2)).at(0);
  EXPECT_EQ(r.verdict, Verdict::skipped) << r.message;
}

TEST(Initialization, passes_deep_narrow_tanh_with_every_seed) {
  for (int seed = 1; seed <= 10; ++seed) {
    Experiment e = small_experiment(stack(17, 5, "tanh", "\"he_uniform\""));
    e.seed = static_cast<std::uint64_t>(seed);
    e.network.layers.array_items().back() = parse_toml_value("{ dense = 3 }", "test");
    const Training training(e, small_classes());
    const tend::Setup setup(training);
    EXPECT_EQ(Initialization{}.run(setup).at(0).verdict, Verdict::pass) << seed;
  }
}

}  // namespace tend::initialization_test
