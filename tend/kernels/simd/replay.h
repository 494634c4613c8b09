#pragma once
#include <memory>
#include <vector>

#include "tend/base/executor.h"
#include "tend/base/random.h"
#include "tend/kernels/backend.h"
#include "tend/tensor/block.h"

namespace tend {

/// Runs kernel calls as they were emitted, without a program, for tests and benchmarks of back ends. Every arena value has its
/// own memory.
class Replay final : public Emitter {
 public:
  explicit Replay(std::int64_t buffer_bytes = 1 << 16) {
    for (auto& b : buffers_) b = AlignedBytes(buffer_bytes);
    new (address({Buffer::step, 0})) StepInputs;
  }
  Slot temporary(std::int64_t bytes) override {
    values_.push_back(std::make_unique<AlignedBytes>(bytes + 64));
    return {Buffer::arena, static_cast<std::int64_t>(values_.size()) - 1};
  }
  void call(std::unique_ptr<Kernel> kernel, std::vector<Slot> operands, Slot gate) override {
    Step step{std::move(kernel), {}, gate ? static_cast<const double*>(address(gate)) : nullptr};
    for (Slot s : operands) step.operands.push_back(s ? address(s) : nullptr);
    if (step.kernel->scratch_bytes() > scratch_bytes_) scratch_bytes_ = step.kernel->scratch_bytes();
    steps_.push_back(std::move(step));
  }

  /// Makes a value of n floats drawn from the standard normal distribution.
  Slot normal(std::int64_t n, std::uint32_t stream) {
    const Slot slot = temporary(4 * n);
    Random random(1, purpose("replay"), stream);
    for (std::int64_t i = 0; i < n; ++i) floats(slot)[i] = static_cast<float>(random.normal());
    return slot;
  }
  Slot floats_of(std::int64_t n, float value) {
    const Slot slot = temporary(4 * n);
    for (std::int64_t i = 0; i < n; ++i) floats(slot)[i] = value;
    return slot;
  }
  void* address(Slot s) {
    return s.buffer == Buffer::arena ? static_cast<void*>(values_[static_cast<std::size_t>(s.offset)]->data())
                                     : buffers_[static_cast<int>(s.buffer)].data() + s.offset;
  }
  float* floats(Slot s) { return static_cast<float*>(address(s)); }
  double* doubles(Slot s) { return static_cast<double*>(address(s)); }
  StepInputs& inputs() { return *static_cast<StepInputs*>(address({Buffer::step, 0})); }

  /// Runs blocks in order, or from the last to the first.
  void run(bool backwards = false) {
    prepare(1);
    for (const Step& s : steps_) {
      if (s.gate && *s.gate == 0) continue;
      const int n = s.kernel->blocks();
      for (int b = 0; b < n; ++b) s.kernel->run(s.operands.data(), backwards ? n - 1 - b : b, scratch_.data());
    }
  }
  void run(Executor& executor) {
    for (std::size_t c = 0; c < steps_.size(); ++c) run_call(c, executor);
  }
  void run_call(std::size_t call, Executor& executor) {
    prepare(executor.threads());
    const Step& s = steps_[call];
    if (s.gate && *s.gate == 0) return;
    struct Context {
      const Step* step;
      std::byte* scratch;
      std::int64_t scratch_bytes;
    } context{&s, scratch_.data(), scratch_bytes_};
    executor.run(
        s.kernel->blocks(),
        [](void* c, int block, int worker) {
          const auto& x = *static_cast<Context*>(c);
          x.step->kernel->run(x.step->operands.data(), block, x.scratch + worker * x.scratch_bytes);
        },
        &context);
  }
  std::size_t calls() const { return steps_.size(); }
  const Kernel& kernel(std::size_t call) const { return *steps_[call].kernel; }

 private:
  struct Step {
    std::unique_ptr<Kernel> kernel;
    std::vector<void*> operands;
    const double* gate;
  };
  void prepare(int threads) {
    scratch_bytes_ = (scratch_bytes_ + 63) / 64 * 64;
    if (scratch_.size() < threads * scratch_bytes_) scratch_ = AlignedBytes(threads * scratch_bytes_);
  }

  AlignedBytes buffers_[buffer_count], scratch_;
  std::vector<std::unique_ptr<AlignedBytes>> values_;
  std::vector<Step> steps_;
  std::int64_t scratch_bytes_ = 0;
};

}  // namespace tend
