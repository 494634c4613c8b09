#pragma once
#include <memory>
#include <vector>

#include "tend/base/registry.h"
#include "tend/kernels/functions.h"
#include "tend/kernels/step_inputs.h"
#include "tend/tensor/block.h"
#include "tend/update/optimizer.h"
#include "tend/update/sweep_chunk.h"

namespace tend {

/// The common interface of optimizers.
class OptimizerEntry {
 public:
  virtual ~OptimizerEntry() = default;
  virtual std::string_view name() const = 0;
  virtual std::vector<SlotSpec> slots() const = 0;
  virtual double learning_rate() const = 0;
  virtual double default_weight_decay() const = 0;
  virtual bool decoupled_decay() const = 0;
  virtual bool grows_with_gradient() const = 0;
  virtual bool for_full_batches() const = 0;
  virtual std::array<double, 3> three_steps() const = 0;                  ///< update/optimizer.h
  virtual int compared_steps() const = 0;                                 ///< update/optimizer.h
  virtual SweepFunctions functions(ElementType type, Isa isa) const = 0;  ///< self and name point into this entry
  virtual Value to_value() const = 0;

  /// Sets the step inputs of this entry: learning_rate, update (counts from 1) and the constants. Entries of one name differ in
  /// nothing more, so that they may share a Program.
  void fill(StepInputs& in, double learning_rate, std::int64_t update) const;
  void fill(GroupInputs& in, double learning_rate, std::int64_t update) const;  ///< except the decay
};

/// The functions of the entry at `place` of all_optimizers, compiled for `isa`; empty for Isa::reference.
SweepFunctions compiled_optimizer(int place, Isa isa);

template <class O, int place = -1>
class OptimizerModel : public OptimizerEntry {
 public:
  explicit OptimizerModel(O entry, std::string name = std::string(entry_name<O>))
      : entry_(std::move(entry)), name_(std::move(name)) {}
  std::string_view name() const override { return name_; }
  std::vector<SlotSpec> slots() const override {
    std::vector<SlotSpec> all;
    for (std::size_t i = 0; i < O::slots.size(); ++i)
      all.push_back({std::string(O::slots[i]), entry_.initial(static_cast<int>(i))});
    return all;
  }
  double learning_rate() const override { return entry_.learning_rate; }
  double default_weight_decay() const override { return O::default_weight_decay; }
  bool decoupled_decay() const override { return O::decoupled_decay; }
  bool grows_with_gradient() const override {
    if constexpr (requires { O::grows_with_gradient; }) return O::grows_with_gradient;
    return false;
  }
  bool for_full_batches() const override {
    if constexpr (requires { O::for_full_batches; }) return O::for_full_batches;
    return false;
  }
  std::array<double, 3> three_steps() const override { return O::three_steps; }
  int compared_steps() const override {
    if constexpr (requires { O::compared_steps; }) return O::compared_steps;
    return 3;
  }
  SweepFunctions functions(ElementType type, Isa isa) const override {
    SweepFunctions f;
    if (type == ElementType::float32) f = compiled_optimizer(place, isa);
    if (!f.chunk)
      f.chunk = type == ElementType::float32 ? [](const SweepChunk& c) { sweep_chunk<O, float>(c); }
                                             : [](const SweepChunk& c) { sweep_chunk<O, double>(c); };
    f.constants = [](const void* self, double rate, std::int64_t step, double* out) {
      const auto constants = static_cast<const O*>(self)->constants(rate, step);
      for (std::size_t i = 0; i < StepInputs::most_constants; ++i) out[i] = i < constants.size() ? constants[i] : 0;
    };
    f.self = &entry_;
    f.slots = Directed<O> ? 3 : static_cast<int>(O::slots.size());
    if constexpr (Directed<O>) {
      f.factor = [](const TensorFacts& facts) { return O::factor(facts); };
      if constexpr (requires { &O::emit_between; }) f.emit_between = &O::emit_between;
    }
    f.name = name_.c_str();
    return f;
  }
  Value to_value() const override { return write_named_entry(name_, entry_); }

 private:
  O entry_;
  std::string name_;
};

const Registry<OptimizerEntry>& builtin_optimizers();

}  // namespace tend
