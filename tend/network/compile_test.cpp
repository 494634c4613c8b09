#include "tend/network/compile.h"

#include <cmath>
#include <cstddef>

#include <gtest/gtest.h>

#include "tend/base/executor.h"
#include "tend/update/optimizer_registry.h"

namespace tend::compile_test {
namespace {

/// A loss for any network: the sum of (o - t)^2 / 2 + sin(o) over the outputs o with targets t.
struct Pull {
  template <class T>
  static void rows(const void*, const void* o_, const void* t_, const void*, std::int64_t rows, std::int64_t k, double scale,
                   double* values, void* slopes) {
    const T *o = static_cast<const T*>(o_), *t = static_cast<const T*>(t_);
    for (std::int64_t r = 0; r < rows; ++r) {
      values[r] = 0;
      for (std::int64_t i = r * k; i < (r + 1) * k; ++i) {
        const double d = static_cast<double>(o[i]) - static_cast<double>(t[i]);
        values[r] += d * d / 2 + std::sin(static_cast<double>(o[i]));
        if (slopes) static_cast<T*>(slopes)[i] = static_cast<T>(scale * (d + std::cos(static_cast<double>(o[i]))));
      }
    }
  }
  static LossFunctions functions(ElementType type) {
    LossFunctions f;
    f.rows = type == ElementType::float32 ? rows<float> : rows<double>;
    f.name = "pull";
    return f;
  }
};

/// A network with its memory, ready to run steps without update.
template <class T>
struct Bench {
  Bench(const std::string& layers, Shape input, const Backend& backend, bool fuse = true, std::int64_t rows = 4, int members = 1)
      : network(parse_toml("layers = " + layers, "test")["layers"], input, {}, {}, members),
        layout(network, element_type<T>(), {}),
        state(initial_state(network, layout, {}, 3)),
        loss(Pull::functions(element_type<T>())) {
    CompileOptions options;
    options.rows = rows;
    options.backend = &backend;
    options.training = options.input_gradient = true;
    options.fuse = fuse;
    options.loss = &loss;
    options.target_width = network.output_shape().count();
    program = compile(network, layout, options);
    workspace = std::make_unique<Workspace>(std::vector<const Program*>{&program}, 1);
    gradient = AlignedBytes(layout.parameter_elements * static_cast<std::int64_t>(sizeof(T)));
    batch = AlignedBytes(program.batch_bytes());
    Random random(5, purpose("compile test"));
    for (std::int64_t i = 0; i < rows * input.count(); ++i) x()[i] = static_cast<T>(random.normal());
    for (std::int64_t i = 0; i < rows * network.output_shape().count(); ++i)
      reinterpret_cast<T*>(batch.data() + program.target_offset())[i] = static_cast<T>(random.normal());
    // Biases of 0 would hide mistakes in them.
    for (const Place& p : state.directory().places())
      if (p.kind == PlaceKind::parameter && p.shape.rank() == 1)
        for (std::int64_t i = 0; i < p.shape.count(); ++i) state.at<T>(p)[i] += static_cast<T>(0.3 * random.normal());
    for (std::size_t i = 0; i < network.step_inputs().size(); ++i) workspace->layer_inputs()[i] = network.step_inputs()[i].second;
  }
  T* x() { return reinterpret_cast<T*>(batch.data()); }
  T* gradients() { return reinterpret_cast<T*>(gradient.data()); }
  double run() {
    program.run(workspace->memory(state.data(), gradient.data(), batch.data()), *executor);
    return workspace->signals()[signal_place::loss];
  }
  std::vector<double> all_gradients() {
    run();
    std::vector<double> all(gradients(), gradients() + layout.parameter_elements);
    const T* dx = reinterpret_cast<const T*>(workspace->arena() + program.input_gradient().offset);
    all.insert(all.end(), dx, dx + program.rows() * network.input_shape().count());
    return all;
  }

  Network network;
  StateLayout layout;
  Block state;
  LossFunctions loss;
  Program program;
  std::unique_ptr<Workspace> workspace;
  AlignedBytes gradient, batch;
  std::unique_ptr<Executor> executor = make_pool(1);
};

struct Sample {
  std::string layers;
  Shape input;
};

const std::vector<Sample>& samples() {
  static const std::vector<Sample> all{
      {R"([{ dense = 5 }, "tanh", { dense = 4 }, "gelu", { dense = 2 }])", {3}},
      {R"([{ dense = 4 }, "sigmoid", { dense = 3 }, "softmax"])", {3}},
      {R"([{ dense = 6 }, "batch_norm", "swish", { dropout = 0.3 }, { dense = 2 }, "elu"])", {4}},
      {R"([{ conv2d = 3, kernel = 2 }, "tanh", { max_pool2d = 2 }, "flatten", { dense = 2 }])", {5, 5, 2}},
      {R"([{ conv2d = 3, kernel = 2 }, "sigmoid", { max_pool2d = 3, stride = 2, padding = 1 }, "flatten", { dense = 2 }])",
       {6, 6, 2}},
      {R"([{ conv2d = 3, kernel = 2 }, "gelu", { max_pool2d = 2, stride = 3 }, "flatten", { dense = 2 }])", {6, 7, 2}},
      {R"([{ conv2d = 2, padding = "same", name = "a" }, "softplus", { conv2d = 2, padding = "same", name = "b" }, { add = ["a", "b"] }, "tanh",
           "global_average_pool", { dense = 3 }, "log_softmax"])",
       {4, 4, 1}},
      {R"([{ dense = 3, name = "a" }, { tanh = true, name = "t" }, { dense = 2, name = "b" }, { dense = 4, name = "c", from = "t" },
           { concat = ["b", "c", "t"] }, "sigmoid", { dense = 2 }, { add = ["b", "b"], name = "twice" }])",
       {3}},
      {R"([{ dense = 4, name = "a" }, { gelu = true, name = "g" }, { dense = 4 }, { add = ["g", "input"] }, { selu = true, name = "s" }, { dense = 4 },
           { add = ["s", "g"] }])",
       {4}},
      {R"(["flatten", { dense = 3 }, "linear", { exponential = true }, { average_pool2d = 1, from = "input" }, "batch_norm", "tanh", "flatten",
           { concat = ["exponential_1", "flatten_2"] }, { dense = 2 }])",
       {2, 2, 1}},
      {R"(["tanh", { dense = 2 }])", {3}}};
  return all;
}

/// Each member of a pack has the gradients, bit for bit, of a single network with the member's parameters; the loss is the mean
/// of their losses, and the gradient of the rows the sum of theirs.
template <class T>
void compare_a_pack_with_its_members(const Sample& sample, const Backend& backend, bool fuse) {
  constexpr int members = 3;
  if (sample.layers.find("dropout") != std::string::npos) return;  // each member drops other elements
  Bench<T> pack(sample.layers, sample.input, backend, fuse, 4, members);
  const std::vector<double> of_pack = pack.all_gradients();
  const double loss = pack.run();
  const std::int64_t parameters = pack.layout.parameter_elements / members, all = pack.layout.parameter_elements;
  double sum_of_losses = 0;
  std::vector<double> rows(static_cast<std::size_t>(4 * sample.input.count()));
  for (int m = 0; m < members; ++m) {
    Bench<T> one(sample.layers, sample.input, backend, fuse);
    std::copy_n(reinterpret_cast<T*>(pack.state.data()) + m * parameters, parameters, reinterpret_cast<T*>(one.state.data()));
    std::copy_n(pack.batch.data(), one.batch.size(), one.batch.data());
    const std::vector<double> of_one = one.all_gradients();
    sum_of_losses += one.run();
    for (std::int64_t i = 0; i < parameters; ++i)
      ASSERT_EQ(of_pack[static_cast<std::size_t>(m * parameters + i)], of_one[static_cast<std::size_t>(i)]) << m << " " << i;
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] += of_one[static_cast<std::size_t>(parameters) + i];
  }
  EXPECT_NEAR(loss, sum_of_losses / members, 1e-6 * std::abs(loss));
  for (std::size_t i = 0; i < rows.size(); ++i)
    EXPECT_NEAR(of_pack[static_cast<std::size_t>(all) + i], rows[i], 1e-5 * (1 + std::abs(rows[i]))) << i;
}

TEST(Compile, members_of_a_pack_have_the_gradients_of_networks_by_themselves) {
  for (const Sample& sample : samples())
    for (const bool fuse : {true, false}) {
      SCOPED_TRACE(sample.layers + (fuse ? " fused" : ""));
      compare_a_pack_with_its_members<double>(sample, reference_backend(ElementType::float64), fuse);
      compare_a_pack_with_its_members<float>(sample, fast_backend(), fuse);
    }
}

TEST(Compile, members_of_a_pack_drop_other_elements_and_share_what_comes_before_the_first_weights) {
  Bench<float> pack(R"([{ tanh = true, name = "t" }, { dropout = 0.5 }, { dense = 2 }])", {64}, fast_backend(), true, 4, 2);
  const std::int64_t weights = pack.layout.parameter_elements / 2;
  std::copy_n(reinterpret_cast<float*>(pack.state.data()), weights, reinterpret_cast<float*>(pack.state.data()) + weights);
  pack.run();
  EXPECT_FALSE(std::equal(pack.gradients(), pack.gradients() + weights, pack.gradients() + weights));
  const std::string listing = pack.program.listing();
  EXPECT_EQ(listing.find("\nt  "), listing.rfind("\nt  ")) << listing;  // one call
}

TEST(Compile, the_outputs_of_a_pack_are_joined_by_the_shares) {
  const std::string layers = R"([{ dense = 3 }])";
  const Network network(parse_toml("layers = " + layers, "test")["layers"], {2}, {}, {}, 3);
  const StateLayout layout(network, ElementType::float64, {});
  Block state = initial_state(network, layout, {}, 1);
  auto* shares = state.at<double>(StateLayout::shares_name);
  EXPECT_DOUBLE_EQ(shares[2], 1.0 / 3);
  shares[0] = 0.25, shares[1] = 0.75, shares[2] = 0;
  state.at<double>("member_3.dense_1.weights")[0] = NAN;  // a member without a share has no effect
  const auto outputs = [&](Join join, bool joined) {
    CompileOptions options;
    options.rows = 1;
    options.backend = &reference_backend(ElementType::float64);
    options.join = join;
    options.joined = joined;
    const Program program = compile(network, layout, options);
    Workspace workspace({&program}, 1);
    AlignedBytes batch(program.batch_bytes());
    auto* x = reinterpret_cast<double*>(batch.data());
    x[0] = 3, x[1] = -40;
    const Memory memory = workspace.memory(state.data(), nullptr, batch.data());
    program.run(memory, *make_pool(1));
    const auto all = values_in<double>(memory, program.output(), joined ? 3 : 9);
    return std::vector<double>(all.begin(), all.end());
  };
  const std::vector<double> apart = outputs(Join::values, false), values = outputs(Join::values, true),
                            softmax = outputs(Join::softmax, true), sigmoid = outputs(Join::sigmoid, true);
  const auto s = [](double z) { return 1 / (1 + std::exp(-z)); };
  double total = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(values[k], 0.25 * apart[k] + 0.75 * apart[3 + k], 1e-12);
    double p = 0;
    for (std::size_t m = 0; m < 2; ++m) {
      double sum = 0;
      for (std::size_t j = 0; j < 3; ++j) sum += std::exp(apart[3 * m + j]);
      p += shares[m] * std::exp(apart[3 * m + k]) / sum;
    }
    EXPECT_NEAR(softmax[k], std::log(p), 1e-9);
    total += std::exp(softmax[k]);
    const double yes = 0.25 * s(apart[k]) + 0.75 * s(apart[3 + k]), no = 0.25 * s(-apart[k]) + 0.75 * s(-apart[3 + k]);
    EXPECT_NEAR(sigmoid[k], std::log(yes) - std::log(no), 1e-9);
  }
  EXPECT_NEAR(total, 1, 1e-12);
}

TEST(Compile, whole_networks_have_the_gradients_of_central_differences) {
  for (const Sample& sample : samples()) {
    SCOPED_TRACE(sample.layers);
    Bench<double> bench(sample.layers, sample.input, reference_backend(ElementType::float64));
    const std::vector<double> analytic = bench.all_gradients();
    const std::int64_t parameters = bench.layout.parameter_elements;
    for (std::size_t i = 0; i < analytic.size(); ++i) {
      const auto at = static_cast<std::int64_t>(i);
      double& value = at < parameters ? reinterpret_cast<double*>(bench.state.data())[i] : bench.x()[at - parameters];
      const double kept = value, step = 6e-6;
      value = kept + step;
      const double above = bench.run();
      value = kept - step;
      const double below = bench.run();
      value = kept;
      ASSERT_NEAR(analytic[i], (above - below) / (2 * step), 2e-8)
          << "element " << i << " of " << parameters << " parameters and the inputs";
    }
  }
}

TEST(Compile, fused_and_unfused_programs_agree) {
  for (const Sample& sample : samples()) {
    SCOPED_TRACE(sample.layers);
    for (const Backend* backend : {&reference_backend(ElementType::float32), &fast_backend()}) {
      Bench<float> fused(sample.layers, sample.input, *backend, true), plain(sample.layers, sample.input, *backend, false);
      EXPECT_LE(fused.program.calls().size(), plain.program.calls().size());
      const auto a = fused.all_gradients(), b = plain.all_gradients();
      for (std::size_t i = 0; i < a.size(); ++i) ASSERT_NEAR(a[i], b[i], 1e-5 * std::max(1.0, std::abs(b[i])));
    }
  }
}

TEST(Compile, fast_programs_agree_with_reference_in_double) {
  for (const Sample& sample : samples()) {
    SCOPED_TRACE(sample.layers);
    Bench<float> fast(sample.layers, sample.input, fast_backend());
    Bench<double> reference(sample.layers, sample.input, reference_backend(ElementType::float64));
    const auto a = fast.all_gradients(), b = reference.all_gradients();
    for (std::size_t i = 0; i < a.size(); ++i) ASSERT_NEAR(a[i], b[i], 1e-4 * std::max(1.0, std::abs(b[i]))) << i;
  }
}

TEST(Compile, activations_are_fused_into_the_kernels_around_them) {
  Bench<float> bench(R"([{ dense = 5 }, "relu", { dense = 2 }])", {3}, fast_backend());
  for (const Call& call : bench.program.calls())
    EXPECT_EQ(std::string(call.kernel->name()).find("pointwise"), std::string::npos) << bench.program.listing();
}

TEST(Compile, a_program_knows_its_work_before_it_runs) {
  Bench<float> bench(R"([{ dense = 50 }, "relu", { dense = 2 }])", {30}, fast_backend(), true, 16);
  EXPECT_GE(bench.program.flops(), 2.0 * 16 * (30 * 50 * 3 + 50 * 2 * 3));
  EXPECT_GT(bench.program.bytes(), 0);
  EXPECT_GT(bench.program.arena_bytes(), 0);
  EXPECT_NE(bench.program.listing().find("dense_1"), std::string::npos);
}

/// Runs steps of a network by `step`, with every part of an update. Returns the state, the gradient and the signals afterwards.
std::vector<std::byte> after_steps(const Backend& backend, void (*step)(const Program&, const Memory&, Executor&)) {
  const Network network(
      parse_toml(
          R"(layers = [{ dense = 40, l2 = 0.01, l1 = 0.001, max_norm = 0.9 }, "batch_norm", { dropout = 0.3 }, "relu", { dense = 2 }])",
          "test")["layers"],
      {30});
  const auto momentum = builtin_optimizers().make(Value("momentum"), "optimizer");
  const StateLayout layout(network, ElementType::float32, momentum->slots(), true);
  Block state = initial_state(network, layout, momentum->slots(), 3);
  const LossFunctions loss = Pull::functions(ElementType::float32);
  const SweepFunctions sweep = momentum->functions(ElementType::float32, backend.isa());
  const Program program = compile(
      network, layout, {.rows = 8, .backend = &backend, .training = true, .loss = &loss, .target_width = 2, .sweep = &sweep});
  const auto pool = make_pool(1);
  Workspace workspace({&program}, 1);
  AlignedBytes gradient(layout.parameter_elements * 4), batch(program.batch_bytes());
  Random random(5, purpose("update test"));
  for (std::int64_t i = 0; i < 8 * 30; ++i) reinterpret_cast<float*>(batch.data())[i] = static_cast<float>(random.normal());
  StepInputs& in = workspace.inputs();
  in.clip_value = 0.2, in.clip_norm = 0.5, in.weight_decay = 0.01, in.average_share = 0.25;
  for (std::size_t i = 0; i < network.step_inputs().size(); ++i) workspace.layer_inputs()[i] = network.step_inputs()[i].second;
  for (in.step = 1; in.step <= 3; ++in.step) {
    momentum->fill(in, 0.1, in.step);
    step(program, workspace.memory(state.data(), gradient.data(), batch.data()), *pool);
  }
  std::vector<std::byte> all(state.data(), state.data() + state.directory().bytes());
  all.insert(all.end(), gradient.data(), gradient.data() + gradient.size());
  const auto* signals = reinterpret_cast<const std::byte*>(workspace.signals());
  all.insert(all.end(), signals, signals + 8 * program.signal_count());
  return all;
}

TEST(Program, a_step_is_its_gradient_and_then_its_update) {
  for (const Backend* backend : {&reference_backend(ElementType::float32), &fast_backend()}) {
    const auto whole = after_steps(*backend, [](const Program& p, const Memory& m, Executor& e) { p.run(m, e); });
    const auto parts = after_steps(*backend,
                                   [](const Program& p, const Memory& m, Executor& e) { p.gradient(m, e), p.update(m, e); });
    EXPECT_TRUE(whole == parts) << backend->name();
    const auto no_update = after_steps(*backend, [](const Program& p, const Memory& m, Executor& e) { p.gradient(m, e); });
    EXPECT_FALSE(whole == no_update) << backend->name();
  }
}

TEST(Program, the_gradient_has_no_part_of_the_penalties_until_the_update) {
  const std::string layers = "layers = [{ dense = 3, l2 = 0.5 }]";
  const Network network(parse_toml(layers, "test")["layers"], {2});
  const StateLayout layout(network, ElementType::float32, {});
  Block state = initial_state(network, layout, {}, 3);
  const LossFunctions loss = Pull::functions(ElementType::float32);
  const Program program = compile(
      network, layout,
      {.rows = 1, .backend = &fast_backend(), .training = true, .penalties = true, .loss = &loss, .target_width = 3});
  const auto pool = make_pool(1);
  Workspace workspace({&program}, 1);
  workspace.layer_inputs()[weight_input::l2] = 0.5;
  AlignedBytes gradient(layout.parameter_elements * 4),
      batch(program.batch_bytes());  // inputs of 0: only the penalty has a slope
  const float *g = reinterpret_cast<const float*>(gradient.data()), *w = state.at<float>("dense_1.weights");
  const Memory memory = workspace.memory(state.data(), gradient.data(), batch.data());
  program.gradient(memory, *pool);
  for (int i = 0; i < 6; ++i) EXPECT_EQ(g[i], 0.0f);
  program.update(memory, *pool);
  for (int i = 0; i < 6; ++i) EXPECT_EQ(g[i], w[i]);
}

/// Returns outputs and input gradients of `rows` rows, the first of which is number `first` in the batch of the step.
template <class T>
std::vector<T> dropped(const Backend& backend, std::int64_t first, std::int64_t rows) {
  const Network network(parse_toml(R"(layers = [{ dropout = 0.3 }, "tanh", { dropout = 0.5 }])", "test")["layers"], {301});
  const StateLayout layout(network, element_type<T>(), {});
  Block state = initial_state(network, layout, {}, 3);
  const Program program = compile(network, layout, {.rows = rows, .backend = &backend, .training = true, .input_gradient = true});
  const auto pool = make_pool(2);
  Workspace workspace({&program}, 2);
  workspace.inputs().seed = 7, workspace.inputs().step = 3, workspace.inputs().first_row = first;
  workspace.layer_inputs()[0] = 0.3, workspace.layer_inputs()[1] = 0.5;
  AlignedBytes batch(program.batch_bytes());
  for (std::int64_t i = 0; i < rows * 301; ++i) {
    reinterpret_cast<T*>(batch.data())[i] = static_cast<T>(1 + (first * 301 + i) % 97);
    reinterpret_cast<T*>(batch.data() +
                         program.target_offset())[i] = static_cast<T>(1 + (first * 301 + i) % 89);  // the outputs' gradient
  }
  program.run(workspace.memory(state.data(), nullptr, batch.data()), *pool);
  std::vector<T> all;
  for (const Slot& slot : {program.output(), program.input_gradient()}) {
    const auto* values = reinterpret_cast<const T*>(workspace.arena() + slot.offset);
    all.insert(all.end(), values, values + rows * 301);
  }
  return all;
}

template <class T>
void expect_parts_draw_as_the_whole(const Backend& backend) {
  constexpr std::ptrdiff_t half = 60, size = half * 301;
  const std::vector<T> whole = dropped<T>(backend, 0, 2 * half), a = dropped<T>(backend, 0, half),
                       b = dropped<T>(backend, half, half);
  for (std::ptrdiff_t k : {0, 1}) {  // outputs, gradients
    EXPECT_TRUE(std::equal(a.begin() + k * size, a.begin() + (k + 1) * size, whole.begin() + 2 * k * size)) << backend.name();
    EXPECT_TRUE(std::equal(b.begin() + k * size, b.begin() + (k + 1) * size, whole.begin() + (2 * k + 1) * size))
        << backend.name();
  }
  EXPECT_FALSE(std::equal(a.begin(), a.begin() + size, b.begin(), [](T x, T y) { return (x == 0) == (y == 0); }))
      << "one mask for both";
}

TEST(Program, parts_of_a_batch_drop_what_the_whole_batch_drops) {
  expect_parts_draw_as_the_whole<double>(reference_backend(ElementType::float64));
  for (Isa isa : {Isa::portable, Isa::avx2, Isa::avx512})
    if (isa <= best_isa()) expect_parts_draw_as_the_whole<float>(fast_backend(isa));
}

TEST(Program, says_how_large_its_buffers_must_be) {
  const Network network(parse_toml(R"(layers = [{ dense = 3 }, { dropout = 0.5 }, { dense = 2 }])", "test")["layers"], {4});
  const auto sgd = builtin_optimizers().make(Value("sgd"), "optimizer");
  const StateLayout layout(network, ElementType::float32, sgd->slots());
  const SweepFunctions sweep = sgd->functions(ElementType::float32, best_isa());
  const LossFunctions loss = Pull::functions(ElementType::float32);
  const Program forward = compile(network, layout, {.rows = 1, .backend = &fast_backend()}),
                step = compile(
                    network, layout,
                    {.rows = 1, .backend = &fast_backend(), .training = true, .loss = &loss, .target_width = 2, .sweep = &sweep});
  EXPECT_EQ(forward.signal_count(), signal_place::first_parameter);
  EXPECT_EQ(step.signal_count(), signal_place::first_parameter + 4 * 4);
  EXPECT_EQ(step.step_bytes(), static_cast<std::int64_t>(sizeof(StepInputs)) + 8 * 7);  // 3 for each of 2 weights, and the rate
  Workspace workspace({&forward, &step}, 2);
  EXPECT_EQ(workspace.layer_inputs().size(), 7u);
  EXPECT_EQ(
      reinterpret_cast<const std::byte*>(&workspace.layer_inputs()[0]) - reinterpret_cast<const std::byte*>(&workspace.inputs()),
      layer_input_slot(0).offset);
  EXPECT_EQ(workspace.inputs().step, 1);
  EXPECT_EQ(workspace.inputs().clip_norm, 0);
}

TEST(StepInputs, have_their_places_where_the_fields_lie) {
  EXPECT_EQ(step_slot(&StepInputs::seed), (Slot{Buffer::step, offsetof(StepInputs, seed)}));
  EXPECT_EQ(step_slot(&StepInputs::average_share), (Slot{Buffer::step, offsetof(StepInputs, average_share)}));
  EXPECT_EQ(layer_input_slot(2), (Slot{Buffer::step, sizeof(StepInputs) + 16}));
}

std::string message_of(const std::string& layers, Shape input) {
  try {
    Network(parse_toml("layers = " + layers, "test")["layers"], input);
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

TEST(Network, a_wrong_shape_names_layer_got_and_wanted) {
  const std::string message = message_of(R"([{ conv2d = 3, name = "eyes" }, "relu", { dense = 2 }])", {8, 8, 1});
  EXPECT_NE(message.find("network.layers[2] dense"), std::string::npos) << message;
  EXPECT_NE(message.find("[6, 6, 3]"), std::string::npos) << message;
  EXPECT_NE(message.find("flatten"), std::string::npos) << message;
}

TEST(Network, an_unknown_layer_or_source_gets_the_nearest_name) {
  EXPECT_NE(message_of(R"([{ dens = 3 }])", {8}).find("dense"), std::string::npos);
  EXPECT_NE(message_of(R"([{ dense = 3, name = "first" }, { add = ["frst", "first"] }])", {8}).find("\"first\""),
            std::string::npos);
}

TEST(Network, initializers_follow_the_activation_and_are_said) {
  const Network network(
      parse_toml(R"(layers = [{ dense = 3 }, "batch_norm", "relu", { dense = 3 }, "selu", { dense = 1 }])", "test")["layers"],
      {4});
  ASSERT_EQ(network.choices().size(), 3u);
  EXPECT_NE(network.choices()[0].find("he_normal"), std::string::npos);
  EXPECT_NE(network.choices()[1].find("lecun_normal"), std::string::npos);
  EXPECT_NE(network.choices()[2].find("glorot_uniform"), std::string::npos);
}

TEST(Network, moving_averages_start_as_what_they_are_averages_of_and_take_their_places) {
  const Network network(parse_toml(R"(layers = [{ dense = 3 }, "batch_norm", { dense = 2 }])", "test")["layers"], {4});
  const StateLayout layout(network, ElementType::float32, {{"velocity", 0.0}}, true), bare(network, ElementType::float32, {});
  ASSERT_EQ(layout.averages.size(), 2u);
  EXPECT_EQ(layout.averages[0].count, layout.parameter_elements);
  EXPECT_EQ(layout.averages[1].count, 6);
  EXPECT_TRUE(bare.averages.empty());
  const Block state = initial_state(network, layout, {{"velocity", 0.0}}, 1);
  Block changed = state, taken(bare.directory);
  for (const char* name : {"dense_1.weights", "dense_2.bias", "batch_norm_1.running_variance"}) {
    const Place &value = layout.directory->at(name), &average = layout.directory->at(std::string(name) + ".moving_average");
    EXPECT_EQ(state.doubles(value), state.doubles(average)) << name;
    changed.at<float>(average)[1] = 17;
  }
  take_averages(changed, taken);
  for (const char* name : {"dense_1.weights", "dense_2.bias", "batch_norm_1.running_variance"})
    EXPECT_EQ(taken.at<float>(name)[1], 17.0f) << name;
  EXPECT_EQ(taken.at<float>("dense_1.weights")[2], state.at<float>("dense_1.weights")[2]);
}

TEST(Network, the_state_is_a_function_of_the_seed) {
  const Network network(parse_toml(R"(layers = [{ dense = 300 }, "relu", { dense = 10 }])", "test")["layers"], {200});
  const StateLayout layout(network, ElementType::float32, {{"velocity", 0.0}, {"mean", 0.5}});
  const Block a = initial_state(network, layout, {{"velocity", 0.0}, {"mean", 0.5}}, 1),
              b = initial_state(network, layout, {{"velocity", 0.0}, {"mean", 0.5}}, 1),
              c = initial_state(network, layout, {{"velocity", 0.0}, {"mean", 0.5}}, 2);
  EXPECT_TRUE(a.same_bits(b));
  EXPECT_FALSE(a.same_bits(c));
  EXPECT_EQ(a.at<float>("dense_1.bias.mean")[7], 0.5f);
  double square = 0;
  for (double w : a.doubles(a.directory().at("dense_1.weights"))) square += w * w;
  EXPECT_NEAR(square / (200 * 300), 2.0 / 200, 2e-4);  // He et al., 2015
}

}  // namespace
}  // namespace tend::compile_test
