// Entries from outside, whose names tend does not know, are treated like built-in ones of their kind: by the declared traits.
#include <cstring>

#include <gtest/gtest.h>

#include "tend/check/checks/initialization.h"
#include "tend/check/checks_test.h"
#include "tend/check/preflight.h"
#include "tend/exam/exam.h"
#include "tend/experiment/shelves.h"

namespace tend::outside_entries_test {
namespace {

/// WholeNorm: normalizes all numbers of each row together, as group_norm with one group.
struct WholeNorm {
  double epsilon = 1e-5;
  static constexpr auto fields = std::tuple{field_of<WholeNorm>("epsilon", &WholeNorm::epsilon)};
  static constexpr bool takes_epilogue = true, backward_takes_epilogue = true, normalizes = true;
  static std::vector<LayerCase<WholeNorm>> cases() { return {{{}, {{5}}}}; }
  Layout layout(const std::vector<Shape>& inputs) const {
    const Shape& c = only_input(inputs, "whole_norm", 1, "rows of features [F]", "put \"flatten\" before it");
    return {c, {{"gamma", c, 1, 1, "ones", 0}, {"beta", c, 1, 1, "zeros", 0}}, {}, {}};
  }
  void forward(Pass& p) const {
    p.backend->group_norm_forward(*p.emitter, spec(p), p.inputs[0], p.parameter("gamma"), p.parameter("beta"), saved(p), p.output,
                                  p.epilogue);
  }
  void backward(Pass& p) const {
    p.backend->group_norm_backward(*p.emitter, spec(p), p.inputs[0], p.parameter("gamma"), saved(p), p.output_gradient,
                                   p.input_gradients[0], p.gradient("gamma"), p.gradient("beta"), p.accumulate, p.epilogue);
  }

 private:
  GroupNormSpec spec(const Pass& p) const { return {p.rows, 1, p.output_shape.count(), 1, epsilon}; }
  Slot saved(Pass& p) const { return p.keep("saved", 2 * p.rows * p.element_bytes()); }
};

/// Thin: as dropout.
struct Thin {
  double share = 0.5;
  static constexpr auto fields = std::tuple{field_of<Thin>("share", &Thin::share, fraction())};
  static constexpr std::string_view value_field = "share";
  static constexpr bool takes_epilogue = false, backward_takes_epilogue = true, only_in_training = true;
  static std::vector<LayerCase<Thin>> cases() { return {{{0.5}, {{7}}}}; }
  Layout layout(const std::vector<Shape>& inputs) const { return {inputs.at(0), {}, {}, {{"rate", share}}}; }
  void forward(Pass& p) const { p.backend->dropout_forward(*p.emitter, spec(p), p.step_input("rate"), p.inputs[0], p.output); }
  void backward(Pass& p) const {
    if (p.input_gradients[0])
      p.backend->dropout_backward(*p.emitter, spec(p), p.step_input("rate"), p.output_gradient, p.input_gradients[0], p.epilogue);
  }

 private:
  DropoutSpec spec(const Pass& p) const { return {p.rows, p.output_shape.count(), purpose(p.layer_name)}; }
};

/// Ramp: y = max(0, z), as relu.
struct Ramp {
  static constexpr std::tuple<> fields{};
  static constexpr bool needs_input = false;
  static constexpr std::array<double, 1> kinks{0.0};
  static constexpr std::string_view weight_initializer = "he_normal";
  static constexpr double lowest = 0;
  template <class T>
  T value(T z) const {
    return z < T(0) ? T(0) : z;
  }
  template <class T>
  T slope(T, T y) const {
    return y <= T(0) ? T(0) : y > T(0) ? T(1) : y;
  }
};

/// Squash: y = z / (1 + |z|), which saturates like tanh.
struct Squash {
  static constexpr std::tuple<> fields{};
  static constexpr bool needs_input = true;
  static constexpr std::array<double, 0> kinks{};
  static constexpr double lowest = -1, highest = 1, steepest_slope = 1;
  template <class T>
  T value(T z) const {
    return std::isinf(z) ? std::copysign(T(1), z) : z / (T(1) + std::abs(z));
  }
  template <class T>
  T slope(T z, T) const {
    return T(1) / ((T(1) + std::abs(z)) * (T(1) + std::abs(z)));
  }
};

/// Plain: y = z.
struct Plain {
  static constexpr std::tuple<> fields{};
  static constexpr bool needs_input = false, is_identity = true;
  static constexpr std::array<double, 0> kinks{};
  template <class T>
  T value(T z) const {
    return z;
  }
  template <class T>
  T slope(T, T) const {
    return T(1);
  }
};

const Shelves& shelves() {
  static const Shelves all = [] {
    Shelves s = builtin_shelves();
    s.layers.add<LayerModel, WholeNorm>();
    s.layers.add<LayerModel, Thin>();
    s.activations.add<ActivationModel, Ramp>();
    s.activations.add<ActivationModel, Squash>();
    s.activations.add<ActivationModel, Plain>();
    return s;
  }();
  return all;
}

Training training_of(const std::string& layers, const Dataset& data = small_classes()) {
  TrainingOptions options;
  options.shelves = &shelves();
  options.threads = 1;
  return Training(small_experiment(layers, "[train]\nepochs = 2\nbatch_size = 32\n"), data, options);
}

const std::string
    outside =
        R"([{ dense = 16 }, { whole_norm = true, name = "norm" }, { ramp = true, name = "bend" }, { thin = 0.5, name = "thin" },
                               { dense = 16 }, { plain = true, name = "same" }, { ramp = true, name = "bend_2" }, { dense = 3 }])",
    builtin =
        R"([{ dense = 16 }, { group_norm = 1, name = "norm" }, { relu = true, name = "bend" }, { dropout = 0.5, name = "thin" },
                               { dense = 16 }, { linear = true, name = "same" }, { relu = true, name = "bend_2" }, { dense = 3 }])";

bool same_bits(const Block& a, const Block& b) {
  return a.directory().bytes() == b.directory().bytes() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.directory().bytes())) == 0;
}

TEST(OutsideEntries, choose_the_initializer_of_the_weights_before_them) {
  const Training ours = training_of(outside);
  EXPECT_EQ(ours.engine().plan().network().choices(),
            (std::vector<std::string>{"dense_1.weights: he_normal, since \"ramp\" follows",
                                      "dense_2.weights: he_normal, since \"ramp\" follows",
                                      "dense_3.weights: glorot_uniform, since the output follows"}));
  EXPECT_EQ(training_of(R"([{ dense = 4 }, "squash", { dense = 3 }])").engine().plan().network().choices()[0],
            "dense_1.weights: glorot_uniform, since \"squash\" follows");
}

TEST(OutsideEntries, are_compiled_and_trained_to_the_bit_as_built_in_ones) {
  Training ours = training_of(outside), theirs = training_of(builtin);
  const std::vector<Call>&calls = ours.engine().plan().program().calls(), &known = theirs.engine().plan().program().calls();
  ASSERT_EQ(calls.size(), known.size());
  for (std::size_t i = 0; i < calls.size(); ++i) {
    EXPECT_EQ(calls[i].kernel->name(), known[i].kernel->name());
    EXPECT_EQ(calls[i].of, known[i].of);  // it names the fused operations
  }
  ASSERT_TRUE(same_bits(ours.engine().state(), theirs.engine().state()));
  ours.run(), theirs.run();
  EXPECT_TRUE(same_bits(ours.engine().state(), theirs.engine().state()));
}

TEST(OutsideEntries, are_left_out_of_inference_where_they_act_in_training_only) {
  const Training ours = training_of(outside), without = training_of(R"([{ dense = 16 }, { whole_norm = true, name = "norm" },
                                       { ramp = true, name = "bend" }, { dense = 16 }, { ramp = true, name = "bend_2" }, { dense = 3 }])");
  const tend::Setup setup(ours);
  const SampleRows& rows = setup.training_sample();
  EXPECT_EQ(Trial(ours.engine()).outputs(rows.x.data(), rows.count()),
            Trial(without.engine()).outputs(rows.x.data(), rows.count()));
}

TEST(OutsideEntries, are_seen_by_checks_as_what_they_are) {
  const Training ours = training_of(outside);
  const Network& network = ours.engine().plan().network();
  EXPECT_FALSE(is_linear(network));
  EXPECT_TRUE(network.nodes()[1].traits.normalizes);
  EXPECT_TRUE(is_fixed_map(network.nodes()[3]));
  EXPECT_TRUE(is_linear(training_of(R"([{ dense = 4 }, { thin = 0.1 }, "plain", { dense = 3 }])").engine().plan().network()));
  EXPECT_FALSE(is_linear(training_of(R"([{ dense = 4 }, "whole_norm", { dense = 3 }])").engine().plan().network()));
  const Training ends = training_of(R"([{ dense = 3 }, "squash", { thin = 0.1 }])");
  ASSERT_NE(output_activation(ends.engine().plan().network()), nullptr);
  EXPECT_EQ(output_activation(ends.engine().plan().network())->name, "squash_1");
  EXPECT_EQ(output_activation(training_of(R"([{ dense = 3 }, "plain"])").engine().plan().network()), nullptr);
}

TEST(OutsideEntries, saturate_in_the_eyes_of_initialization) {
  std::string layers = "[";
  for (int i = 0; i < 4; ++i) layers += "{ dense = 64, initializer = { normal = 100.0 } }, \"squash\", ";
  const Training training = training_of(layers + "{ dense = 3 }]");
  const tend::Setup setup(training);
  const CheckResult r = Initialization{}.run(setup).at(0);
  EXPECT_EQ(r.verdict, Verdict::warn) << r.message;
  EXPECT_EQ(r.cause, "init") << r.message;
  EXPECT_NE(r.message.find("hidden squash units are saturated"), std::string::npos) << r.message;
}

TEST(OutsideEntries, lead_to_the_same_verdicts_as_built_in_ones) {
  PreflightOptions options;
  options.level = "thorough";
  const Training ours = training_of(outside), theirs = training_of(builtin);
  const PreflightReport a = preflight(ours, options), b = preflight(theirs, options);
  ASSERT_EQ(a.lines.size(), b.lines.size());
  for (std::size_t i = 0; i < a.lines.size(); ++i) {
    if (a.lines[i].check == "resources") continue;
    EXPECT_EQ(a.lines[i].result.verdict, b.lines[i].result.verdict) << a.lines[i].check << ": " << a.lines[i].result.message;
    EXPECT_EQ(a.lines[i].result.cause, b.lines[i].result.cause) << a.lines[i].check;
    EXPECT_EQ(a.lines[i].result.value, b.lines[i].result.value) << a.lines[i].check << ": " << a.lines[i].result.message << "\n"
                                                                << b.lines[i].result.message;
  }
}

TEST(OutsideEntries, sit_the_exam) {
  LayerRegistry ours;
  ours.add<LayerModel, WholeNorm>();
  ours.add<LayerModel, Thin>();
  Registry<ActivationEntry> bends;
  bends.add<ActivationModel, Ramp>();
  bends.add<ActivationModel, Squash>();
  bends.add<ActivationModel, Plain>();
  const ShelfResult layers = examine_layers(ours), activations = examine_activations(bends);
  EXPECT_TRUE(layers.faults.empty()) << text_of(layers);
  EXPECT_TRUE(activations.faults.empty()) << text_of(activations);
}

}  // namespace
}  // namespace tend::outside_entries_test
