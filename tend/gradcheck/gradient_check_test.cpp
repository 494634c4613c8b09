#include "tend/gradcheck/gradient_check.h"

#include <cmath>
#include <cstring>

#include <gtest/gtest.h>

#include "tend/base/math.h"
#include "tests/mutants/tampered_backend.h"

namespace tend::gradient_check_test {
namespace {

/// A network with everything that a check needs, on random rows.
struct Subject {
  Subject(const std::string& layers, Shape input, const std::string& loss_name, std::int64_t rows = 4)
      : network(parse_toml("layers = " + layers, "test")["layers"], input),
        loss(builtin_losses().make(Value(loss_name), "loss")),
        layout(network, ElementType::float32, {}),
        state(initial_state(network, layout, {}, 3)) {
    Random random(5, purpose("gradient check test"));
    subject.network = &network;
    subject.loss = loss.get();
    subject.layout = &layout;
    subject.state = &state;
    subject.rows = rows;
    subject.takes_codes = loss->takes_codes();
    const std::int64_t outputs = network.output_shape().count();
    subject.target_width = subject.takes_codes ? 1 : outputs;
    for (std::int64_t i = 0; i < rows * input.count(); ++i)
      subject.inputs.push_back(static_cast<double>(static_cast<float>(random.normal())));
    for (std::int64_t i = 0; i < rows * subject.target_width; ++i)
      subject.targets.push_back(subject.takes_codes ? static_cast<double>(random.below(static_cast<std::uint64_t>(outputs)))
                                                    : static_cast<double>(static_cast<float>(random.normal())));
  }
  GradientReport check(const GradientCheckOptions& options = {}) { return check_gradients(subject, options); }

  Network network;
  std::shared_ptr<const LossEntry> loss;
  StateLayout layout;
  Block state;
  GradientSubject subject;
};

const TensorCheck& tensor(const GradientReport& report, const std::string& name, const std::string& part = "loss") {
  for (const TensorCheck& t : report.tensors)
    if (t.tensor == name && t.part == part) return t;
  throw std::runtime_error("no " + name + " in the report");
}

TEST(GradientCheck, every_tensor_of_a_right_network_is_right) {
  Subject s(
      R"([{ conv2d = 3, kernel = 2, l2 = 0.1 }, "batch_norm", "relu", { max_pool2d = 2 }, "flatten", { dropout = 0.3 }, { dense = 6, l1 = 0.02, l2 = 0.01 },
                "elu", { dense = 4 }])",
      {7, 7, 2}, "softmax_cross_entropy");
  const GradientReport report = s.check();
  EXPECT_TRUE(report.passed());
  EXPECT_EQ(report.tensors.size(), 8u + 2u);  // two penalties
  for (const TensorCheck& t : report.tensors) {
    EXPECT_LE(t.error, 1e-4) << t.tensor;
    EXPECT_LE(t.trained_error, 1e-2) << t.tensor;
    EXPECT_GT(t.checked, 0) << t.tensor;
    EXPECT_EQ(t.mistake, "") << t.tensor;
  }
  EXPECT_EQ(tensor(report, "dense_2.bias").checked, 4);  // a small tensor is checked completely
  EXPECT_EQ(tensor(report, "conv2d_1.weights").checked + tensor(report, "conv2d_1.weights").kinks, 12);
}

TEST(GradientCheck, leaves_the_state_as_it_was_and_gives_the_same_twice) {
  Subject s(R"([{ dense = 5 }, "tanh", { dense = 2 }])", {3}, "mean_squared_error");
  const std::vector<std::byte> before(s.state.data(), s.state.data() + s.state.bytes());
  const GradientReport once = s.check(), again = s.check();
  EXPECT_EQ(std::memcmp(before.data(), s.state.data(), before.size()), 0);
  for (std::size_t i = 0; i < once.tensors.size(); ++i) EXPECT_EQ(once.tensors[i].numeric, again.tensors[i].numeric);
}

TEST(GradientCheck, an_element_at_a_kink_is_not_counted_and_is_reported) {
  Subject s(R"([{ dense = 4, bias_initializer = "zeros" }, "relu", { dense = 2 }])", {3}, "mean_squared_error");
  std::fill(s.subject.inputs.begin(), s.subject.inputs.end(),
            0.0);  // every unit is exactly at the kink for any weights
  const GradientReport report = s.check({.burn_in_steps = 0});
  EXPECT_EQ(tensor(report, "dense_1.bias").kinks, 4);
  EXPECT_EQ(tensor(report, "dense_1.bias").checked, 0);
  EXPECT_NE(tensor(report, "dense_1.bias").mistake.find("every element has a kink"), std::string::npos);
}

/// Training kernels with a mistake.
struct WrongSign : TamperedBackend {
  using TamperedBackend::TamperedBackend;
  DENSE_WEIGHTS {
    in.dense_backward_weights(e, s, x, dy, dw, db, accumulate);
    scale(e, dw, s.inputs * s.outputs, -1);
  }
};

TEST(GradientCheck, a_mistake_in_the_kernels_that_train_is_found_although_the_formulas_are_right) {
  Subject s(R"([{ dense = 5 }, "tanh", { dense = 2 }])", {3}, "mean_squared_error");
  const WrongSign wrong(fast_backend());
  s.subject.trained = &wrong;
  const GradientReport report = s.check();
  EXPECT_FALSE(report.passed());
  EXPECT_EQ(tensor(report, "dense_1.weights").band, GradientBand::wrong);
  EXPECT_NE(tensor(report, "dense_1.weights").mistake.find("as trained"), std::string::npos);
  EXPECT_NE(tensor(report, "dense_1.weights").mistake.find("the sign is wrong"), std::string::npos);
  EXPECT_EQ(tensor(report, "dense_1.bias").band, GradientBand::right);
}

/// An activation with a wrong slope, as a user may write it.
struct HalfSlope {
  static constexpr std::tuple<> fields{};
  static constexpr bool needs_input = false;
  static constexpr std::array<double, 0> kinks{};
  template <class T>
  T value(T z) const {
    using namespace tend::math;
    return tanh(z);
  }
  template <class T>
  T slope(T, T y) const {
    return T(0.5) * (T(1) - y * y);
  }
};

TEST(GradientCheck, a_wrong_slope_is_found_in_every_tensor_below_it) {
  NetworkShelves shelves;
  shelves.activations.add<ActivationModel, HalfSlope>();
  Subject s(R"([{ dense = 5 }, "tanh", { dense = 2 }])", {3}, "mean_squared_error");
  const Network network(parse_toml(R"(layers = [{ dense = 5 }, "half_slope", { dense = 2 }])", "test")["layers"], {3}, {},
                        shelves);
  s.subject.network = &network;
  const GradientReport report = s.check();
  EXPECT_EQ(tensor(report, "dense_1.weights").mistake, "a factor of 0.5 too much");
  EXPECT_EQ(tensor(report, "dense_2.weights").band, GradientBand::right);
}

TEST(GradientCheck, errors_of_differences_fall_with_the_square_of_the_step_until_rounding) {
  const Subject s(R"([{ dense = 5 }, "tanh", { dense = 3 }])", {4}, "softmax_cross_entropy", 1);
  const auto error = [&](double step, bool in_float32) { return difference_error(s.subject, step, in_float32); };
  EXPECT_NEAR(error(1e-2, false) / error(1e-3, false), 100, 5);
  EXPECT_LT(error(1e-5, false), 1e-9);
  EXPECT_GT(error(1e-13, false), 1e-6);
  EXPECT_GT(error(1e-5, true), 1e-4);
  EXPECT_GT(error(1e-9, true), 0.5);  // no float32 weight changes
}

}  // namespace
}  // namespace tend::gradient_check_test
