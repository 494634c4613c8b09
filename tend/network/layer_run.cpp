#include "tend/network/layer_run.h"

#include <cmath>
#include <limits>

#include "tend/network/program.h"

namespace tend {

namespace {

/// Memory of its own for every value; calls are kept and run in order.
class Loose : public Emitter {
 public:
  Slot temporary(std::int64_t bytes) override {
    memory_.push_back(std::make_unique<AlignedBytes>(bytes));
    return {Buffer::arena, static_cast<std::int64_t>(memory_.size()) - 1};
  }
  void call(std::unique_ptr<Kernel> kernel, std::vector<Slot> operands, Slot gate) override { calls_.push_back({std::move(kernel), std::move(operands), gate, ""}); }
  Slot values(const std::vector<double>& v) {
    const Slot slot = temporary(static_cast<std::int64_t>(v.size() * sizeof(double)));
    std::copy(v.begin(), v.end(), static_cast<double*>(at(slot)));
    return slot;
  }
  Slot blank(std::int64_t n) { return values(std::vector<double>(static_cast<std::size_t>(n), std::numeric_limits<double>::quiet_NaN())); }
  void* at(Slot slot) {
    if (!slot) return nullptr;
    return slot.buffer == Buffer::step ? static_cast<void*>(reinterpret_cast<std::byte*>(step) + slot.offset) : memory_[static_cast<std::size_t>(slot.offset)]->data();
  }
  std::vector<double> read(Slot slot, std::int64_t n) {
    const double* p = static_cast<const double*>(at(slot));
    return {p, p + n};
  }
  void run() {
    for (const Call& call : calls_) {
      std::vector<void*> operands;
      for (Slot s : call.operands) operands.push_back(at(s));
      AlignedBytes scratch(call.kernel->scratch_bytes());
      for (int b = 0; b < call.kernel->blocks(); ++b) call.kernel->run(operands.data(), b, scratch.data());
    }
  }
  double step[64] = {};

 private:
  std::vector<std::unique_ptr<AlignedBytes>> memory_;
  std::vector<Call> calls_;
};

}  // namespace

LayerNumbers run_layer(const LayerEntry& layer, const std::vector<Shape>& shapes, const std::vector<std::vector<double>>& inputs,
                       const std::map<std::string, std::vector<double>>& parameters, const std::vector<double>& output_gradient, std::int64_t rows) {
  const Layout layout = layer.layout(shapes);
  Loose loose;
  std::map<std::string, Slot> kept;
  Pass pass;
  pass.backend = &reference_backend(ElementType::float64);
  pass.emitter = &loose;
  pass.rows = rows;
  pass.training = true;
  pass.layer_name = std::string(layer.kind());
  pass.input_shapes = shapes;
  pass.output_shape = layout.output;
  pass.kept = &kept;
  for (const auto& x : inputs) pass.inputs.push_back(loose.values(x));
  for (const ParameterSpec& p : layout.parameters) {
    pass.parameters[p.name] = loose.values(parameters.at(p.name));
    pass.gradients[p.name] = loose.blank(p.shape.count());
  }
  for (const StatisticSpec& s : layout.statistics)
    pass.statistics[s.name] = loose.values(std::vector<double>(static_cast<std::size_t>(s.shape.count()), s.initial));
  std::int64_t place = step_input::first_free;
  for (const auto& [name, value] : layout.step_inputs) {
    loose.step[place] = value;
    pass.step_inputs[name] = {Buffer::step, 8 * place++};
  }
  const std::int64_t outputs = rows * layout.output.count();
  pass.output = loose.blank(outputs);
  layer.forward(pass);
  pass.output_gradient = loose.values(output_gradient);
  for (const Shape& s : shapes) pass.input_gradients.push_back(loose.blank(rows * s.count()));
  layer.backward(pass);
  loose.run();

  LayerNumbers numbers;
  numbers.output = loose.read(pass.output, outputs);
  for (std::size_t k = 0; k < shapes.size(); ++k) numbers.input_gradients.push_back(loose.read(pass.input_gradients[k], rows * shapes[k].count()));
  for (const ParameterSpec& p : layout.parameters) numbers.gradients[p.name] = loose.read(pass.gradients[p.name], p.shape.count());
  for (const StatisticSpec& s : layout.statistics) numbers.statistics[s.name] = loose.read(pass.statistics[s.name], s.shape.count());
  return numbers;
}

}  // namespace tend
