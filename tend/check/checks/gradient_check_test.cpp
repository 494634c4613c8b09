#include "tend/check/checks/gradient_check.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"
#include "tend/experiment/shelves.h"
#include "tend/kernels/function_kernel.h"

namespace tend::gradient_check_test {

namespace {

/// Stretch: y = x s, s [F] learnt. dx = dy s; ds = sum over rows of dy x, here forgotten to half.
struct Stretch {
  static constexpr std::tuple<> fields{};
  static constexpr bool takes_epilogue = false, backward_takes_epilogue = false;
  static std::vector<LayerCase<Stretch>> cases() { return {{{}, {{5}}}}; }
  Layout layout(const std::vector<Shape>& inputs) const { return {inputs.at(0), {{"s", inputs.at(0), 1, 1, "ones", 0}}, {}, {}}; }
  void forward(Pass& p) const {
    emit(p, {p.inputs[0], p.parameter("s"), p.output}, [rows = p.rows, n = p.output_shape.count()](auto** o) {
      for (std::int64_t i = 0; i < rows * n; ++i) o[2][i] = o[0][i] * o[1][i % n];
    });
  }
  void backward(Pass& p) const {
    emit(p, {p.inputs[0], p.parameter("s"), p.output_gradient, p.input_gradients[0], p.gradient("s")},
         [rows = p.rows, n = p.output_shape.count()](auto** o) {
           for (std::int64_t f = 0; f < n; ++f) {
             o[4][f] = 0;
             for (std::int64_t i = f; i < rows * n; i += n) {
               o[4][f] += o[2][i] * o[0][i] / 2;
               if (o[3]) o[3][i] = o[2][i] * o[1][f];
             }
           }
         });
  }

 private:
  template <class F>
  static void emit(Pass& p, std::vector<Slot> slots, F f) {
    const auto as = [&]<class T>(T) {
      return make_kernel({.name = "stretch"},
                         [f](void* const* o, int, void*) { f(reinterpret_cast<T**>(const_cast<void**>(o))); });
    };
    p.emitter->call(p.element_bytes() == 8 ? std::unique_ptr<Kernel>(as(0.0)) : as(0.0f), std::move(slots));
  }
};

}  // namespace

TEST(GradientCheck, finds_the_gradients_of_built_in_layers_right) {
  for (const char* layers : {R"([{ dense = 16 }, "tanh", { dense = 3 }])",
                             R"([{ dense = 16, l2 = 0.1 }, "batch_norm", "relu", { dropout = 0.5 }, { dense = 3 }])"}) {
    const CheckResult r = checked(GradientCheck{}, layers, small_classes()).at(0);
    EXPECT_EQ(r.verdict, Verdict::pass) << r.message;
    EXPECT_LT(*r.value, 1e-5);
  }
}

TEST(GradientCheck, names_the_tensor_whose_gradient_is_wrong) {
  Shelves shelves = builtin_shelves();
  shelves.layers.add<LayerModel, Stretch>();
  TrainingOptions options;
  options.shelves = &shelves;
  const CheckResult r = checked(GradientCheck{}, small_experiment(R"([{ dense = 16 }, "stretch", "tanh", { dense = 3 }])"),
                                small_classes(), options)
                            .at(0);
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_EQ(r.cause, "gradient-bug");
  EXPECT_EQ(r.layer, "stretch_1");
  EXPECT_NE(r.message.find("stretch_1.s"), std::string::npos) << r.message;
  EXPECT_NEAR(*r.value, 0.5, 0.1);  // |a - 2a| / |2a|
}

TEST(GradientCheck, checks_targets_at_each_place_of_a_row) {
  Array x({40, 6}, ElementType::float32), y({40, 6}, ElementType::float64);
  for (std::int64_t i = 0; i < 240; ++i)
    x.as<float>()[i] = static_cast<float>(i % 5), y.as<double>()[i] = static_cast<double>((i + 1) % 5);
  const CheckResult r = checked(GradientCheck{}, R"([{ embedding = 4, vocabulary = 5 }, { lstm = 6 }, { dense = 5 }])",
                                Dataset::classification(x, y, 5))
                            .at(0);
  EXPECT_EQ(r.verdict, Verdict::pass) << r.message;
}

TEST(GradientCheck, is_skipped_for_large_networks_and_overflows) {
  EXPECT_EQ(checked(GradientCheck{1}, R"([{ dense = 16 }, "tanh", { dense = 3 }])", small_classes()).at(0).verdict,
            Verdict::skipped);
  EXPECT_EQ(checked(GradientCheck{}, R"([{ dense = 8, initializer = { normal = 50.0 } }, "exponential", { dense = 3 }])",
                    small_classes())
                .at(0)
                .verdict,
            Verdict::skipped);
}

TEST(GradientCheck, is_the_same_whenever_it_is_run) {
  const std::string layers = R"([{ dense = 64 }, "tanh", { dense = 64 }, "tanh", { dense = 3 }])";
  EXPECT_EQ(checked(GradientCheck{}, layers, small_classes()).at(0).message,
            checked(GradientCheck{}, layers, small_classes()).at(0).message);
}

}  // namespace tend::gradient_check_test
