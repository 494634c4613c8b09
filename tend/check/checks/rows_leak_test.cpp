#include "tend/check/checks/rows_leak.h"

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"
#include "tend/experiment/shelves.h"
#include "tend/kernels/function_kernel.h"

namespace tend::rows_leak_test {

namespace {

/// Neighbour: y = x + 0.1 times the row before it in the batch. It should not.
struct Neighbour {
  static constexpr std::tuple<> fields{};
  static constexpr bool takes_epilogue = false, backward_takes_epilogue = false;
  static std::vector<LayerCase<Neighbour>> cases() { return {{{}, {{5}}}}; }
  Layout layout(const std::vector<Shape>& inputs) const { return {inputs.at(0), {}, {}, {}}; }
  void forward(Pass& p) const { emit(p, p.inputs[0], p.output, -1); }
  void backward(Pass& p) const {
    if (p.input_gradients[0]) emit(p, p.output_gradient, p.input_gradients[0], 1);
  }

 private:
  static void emit(Pass& p, Slot from, Slot to, int by) {
    const auto as = [rows = p.rows, n = p.output_shape.count(), by]<class T>(T) {
      return make_kernel({.name = "neighbour"}, [rows, n, by](void* const* o, int, void*) {
        const T* x = static_cast<const T*>(o[0]);
        for (std::int64_t r = 0; r < rows; ++r)
          for (std::int64_t i = 0; i < n; ++i)
            static_cast<T*>(o[1])[r * n + i] = x[r * n + i] +
                                               (r + by >= 0 && r + by < rows ? T(0.1) * x[(r + by) * n + i] : T(0));
      });
    };
    p.emitter->call(p.element_bytes() == 8 ? std::unique_ptr<Kernel>(as(0.0)) : as(0.0f), {from, to});
  }
};

}  // namespace

TEST(RowsLeak, passes_networks_that_compute_each_row_separately) {
  EXPECT_EQ(checked(RowsLeak{}, R"([{ dense = 16 }, "relu", { dense = 3 }])", small_classes()).at(0).verdict, Verdict::pass);
  const CheckResult mixing =
      checked(RowsLeak{}, R"([{ dense = 16 }, "batch_norm", "relu", { dense = 3 }])", small_classes()).at(0);
  EXPECT_EQ(mixing.verdict, Verdict::pass);
  EXPECT_NE(mixing.message.find("batch_norm_1"), std::string::npos);
}

TEST(RowsLeak, fails_where_a_layer_reads_a_neighbouring_row) {
  Shelves shelves = builtin_shelves();
  shelves.layers.add<LayerModel, Neighbour>();
  TrainingOptions options;
  options.shelves = &shelves;
  const CheckResult r = checked(RowsLeak{}, small_experiment(R"([{ dense = 16 }, "neighbour", "relu", { dense = 3 }])"),
                                small_classes(), options)
                            .at(0);
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_EQ(r.cause, "architecture");
  EXPECT_EQ(*r.value, 1);  // the one row after the one that was replaced
}

TEST(RowsLeak, is_skipped_where_there_is_no_other_row) {
  EXPECT_EQ(checked(RowsLeak{}, R"([{ dense = 3 }])", small_classes(3), "[train]\nbatch_size = 2\n").at(0).verdict,
            Verdict::skipped);
}

}  // namespace tend::rows_leak_test
