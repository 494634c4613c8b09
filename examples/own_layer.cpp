// A layer of one's own, outside tend's tree: it passes the exam of the built-in layers, and is then trained under its name.
#include <cmath>
#include <cstdio>

#include <tend/exam/exam.h>
#include <tend/experiment/shelves.h>
#include <tend/kernels/function_kernel.h>
#include <tend/tend.h>

/// Gate: y = x s, s = 1 / (1 + exp(-a)), a [F] learnt.  dx = dy s,  da = s (1 - s) sum over rows of dy x.
struct Gate {
  static constexpr std::tuple<> fields{};
  static constexpr bool takes_epilogue = false, backward_takes_epilogue = false;
  static std::vector<tend::LayerCase<Gate>> cases() { return {{{}, {{5}}}, {{}, {{1}}}}; }

  tend::Layout layout(const std::vector<tend::Shape>& inputs) const {
    const tend::Shape& x = tend::only_input(inputs, "gate", 1, "rows of features [F]", "put \"flatten\" before it");
    return {.output = x, .parameters = {{.name = "a", .shape = x, .initializer = "zeros"}}};
  }
  void forward(tend::Pass& p) const {
    run(p, "gate_forward", {p.inputs[0], p.parameter("a"), p.output}, [rows = p.rows, n = p.output_shape.count()](auto** o) {
      for (std::int64_t i = 0; i < rows * n; ++i) o[2][i] = o[0][i] / (1 + std::exp(-o[1][i % n]));
    });
  }
  void backward(tend::Pass& p) const {
    run(p, "gate_backward", {p.inputs[0], p.parameter("a"), p.output_gradient, p.input_gradients[0], p.gradient("a")},
        [rows = p.rows, n = p.output_shape.count(), add = p.accumulate](auto** o) {
          for (std::int64_t f = 0; f < n; ++f) {
            const auto s = 1 / (1 + std::exp(-o[1][f]));
            auto sum = s - s;
            for (std::int64_t i = f; i < rows * n; i += n) {
              sum += o[2][i] * o[0][i];
              if (o[3]) o[3][i] = o[2][i] * s;
            }
            o[4][f] = (add ? o[4][f] : 0) + s * (1 - s) * sum;
          }
        });
  }

 private:
  /// Emits f for the present element type: operands as T*.
  template <class F>
  static void run(tend::Pass& p, const char* name, std::vector<tend::Slot> slots, F f) {
    const auto as = [&]<class T>(T) {
      return tend::make_kernel({.name = name},
                               [f](void* const* o, int, void*) { f(reinterpret_cast<T**>(const_cast<void**>(o))); });
    };
    p.emitter->call(p.element_bytes() == 8 ? std::unique_ptr<tend::Kernel>(as(0.0)) : as(0.0f), std::move(slots));
  }
};

int main() {
  tend::Shelves shelves = tend::builtin_shelves();
  shelves.layers.add<tend::LayerModel, Gate>();
  const tend::ShelfResult exam = tend::examine_layers(shelves.layers);
  std::printf("%s", tend::text_of(exam).c_str());
  if (!exam.faults.empty()) return 1;

  const auto experiment = tend::Experiment::parse(R"(
    network.layers = ["flatten", "gate", { dense = 32 }, "relu", { dense = 10 }]
    loss.name = "softmax_cross_entropy"
    update.optimizer = { name = "adam", learning_rate = 0.01 }
    data = { source = "digits", validation = 0.2 }
    train.epochs = 3)",
                                                  "gate");
  tend::TrainingOptions options;
  options.shelves = &shelves;
  tend::Training training(experiment, tend::read_dataset(experiment.data.source, experiment.data, {}), options);
  for (const auto& [name, value] : training.run().validation) std::printf("validation %s %.4f\n", name.c_str(), value);
}
