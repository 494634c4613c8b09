#pragma once
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "tend/base/random.h"
#include "tend/network/layers.h"
#include "tend/network/program.h"
#include "tend/tensor/block.h"

namespace tend {

/// Memory of its own for every value, calls kept and run in order: what a layer or kernel emits, without a network around it.
class LayerBench : public Emitter {
 public:
  Slot temporary(std::int64_t bytes) override {
    memory_.push_back(std::make_unique<AlignedBytes>(bytes));
    return {Buffer::arena, static_cast<std::int64_t>(memory_.size()) - 1};
  }
  void call(std::unique_ptr<Kernel> kernel, std::vector<Slot> operands, Slot gate) override {
    calls_.push_back({std::move(kernel), std::move(operands), gate, ""});
  }
  template <class T>
  Slot values(const std::vector<double>& v) {
    const Slot slot = temporary(static_cast<std::int64_t>(v.size() * sizeof(T)));
    for (std::size_t i = 0; i < v.size(); ++i) at<T>(slot)[i] = static_cast<T>(v[i]);
    return slot;
  }
  template <class T>
  T* at(Slot slot) {
    std::byte* start = slot.buffer == Buffer::step ? reinterpret_cast<std::byte*>(step) + slot.offset : memory_.at(static_cast<std::size_t>(slot.offset))->data();
    return reinterpret_cast<T*>(start);
  }
  void run(std::size_t first = 0) {
    for (std::size_t c = first; c < calls_.size(); ++c) {
      if (calls_[c].gate && *at<double>(calls_[c].gate) == 0) continue;
      std::vector<void*> operands;
      for (Slot s : calls_[c].operands) operands.push_back(!s ? nullptr : s.buffer == Buffer::signals ? static_cast<void*>(reinterpret_cast<std::byte*>(signals) + s.offset) : at<void>(s));
      AlignedBytes scratch(calls_[c].kernel->scratch_bytes());
      for (int b = 0; b < calls_[c].kernel->blocks(); ++b) calls_[c].kernel->run(operands.data(), b, scratch.data());
    }
  }
  std::size_t calls() const { return calls_.size(); }

  double step[64] = {}, signals[64] = {};

 private:
  std::vector<std::unique_ptr<AlignedBytes>> memory_;
  std::vector<Call> calls_;
};

inline std::vector<double> random_values(std::int64_t n, std::uint32_t stream) {
  Random random(7, purpose("every layer"), stream);
  std::vector<double> v(static_cast<std::size_t>(n));
  for (double& x : v) x = random.normal();
  return v;
}

/// One layer on one back end: everything it needs, filled with the same numbers for every element type.
template <class T>
class LayerRun {
 public:
  static constexpr std::int64_t rows = 3;

  LayerRun(const LayerEntry& layer, const std::vector<Shape>& shapes, const Backend& backend, bool accumulate = false) : layer_(layer), layout_(layer.layout(shapes)) {
    pass_.backend = &backend;
    pass_.emitter = &bench;
    pass_.rows = rows;
    pass_.training = true;
    pass_.accumulate = accumulate;
    pass_.layer_name = "layer";
    pass_.input_shapes = shapes;
    pass_.output_shape = layout_.output;
    pass_.kept = &kept_;
    std::uint32_t stream = 0;
    for (const Shape& s : shapes) pass_.inputs.push_back(bench.template values<T>(random_values(rows * s.count(), stream++)));
    for (const ParameterSpec& p : layout_.parameters) {
      pass_.parameters[p.name] = bench.template values<T>(random_values(p.shape.count(), stream++));
      pass_.gradients[p.name] = bench.template values<T>(std::vector<double>(static_cast<std::size_t>(p.shape.count()), prefilled));
    }
    for (const StatisticSpec& s : layout_.statistics)
      pass_.statistics[s.name] = bench.template values<T>(std::vector<double>(static_cast<std::size_t>(s.shape.count()), s.initial));
    std::int64_t place = step_input::first_free;
    for (const auto& [name, value] : layout_.step_inputs) {
      bench.step[place] = value;
      pass_.step_inputs[name] = {Buffer::step, 8 * place++};
    }
    reinterpret_cast<std::int64_t*>(bench.step)[step_input::step] = 5;
    pass_.output = bench.template values<T>(std::vector<double>(static_cast<std::size_t>(rows * layout_.output.count()), nan));
    layer.forward(pass_);
    first_backward_ = bench.calls();
    pass_.output_gradient = bench.template values<T>(random_values(rows * layout_.output.count(), 99));
    for (const Shape& s : shapes) pass_.input_gradients.push_back(bench.template values<T>(std::vector<double>(static_cast<std::size_t>(rows * s.count()), nan)));
    layer.backward(pass_);
  }

  /// dot(output, the output's gradient) as things stand.
  double forward_dot() {
    const std::vector<double> y = output(), dy = read(pass_.output_gradient, rows * layout_.output.count());
    double sum = 0;
    for (std::size_t i = 0; i < y.size(); ++i) sum += y[i] * dy[i];
    return sum;
  }
  std::vector<double> output() {
    bench.run();
    return read(pass_.output, rows * layout_.output.count());
  }
  std::vector<double> read(Slot slot, std::int64_t n) {
    const T* p = bench.template at<T>(slot);
    return std::vector<double>(p, p + n);
  }
  Pass& pass() { return pass_; }
  const Layout& layout() const { return layout_; }

  static constexpr double prefilled = 7, nan = std::numeric_limits<double>::quiet_NaN();
  LayerBench bench;

 private:
  const LayerEntry& layer_;
  Layout layout_;
  Pass pass_;
  std::map<std::string, Slot> kept_;
  std::size_t first_backward_ = 0;
};

}  // namespace tend
