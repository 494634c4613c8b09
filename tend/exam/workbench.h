#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <random>
#include <vector>

#include "tend/base/executor.h"
#include "tend/kernels/backend.h"

namespace tend {

/// 64-byte aligned memory between two guard zones that nothing may write to.
class GuardedMemory {
 public:
  explicit GuardedMemory(std::int64_t bytes) : bytes_(static_cast<std::size_t>(bytes)) {
    all_ = static_cast<unsigned char*>(::operator new (bytes_ + 2 * guard, std::align_val_t{64}));
    std::memset(all_, 0xA5, bytes_ + 2 * guard);
    fill_with_nan();
  }
  GuardedMemory(const GuardedMemory&) = delete;
  GuardedMemory& operator=(const GuardedMemory&) = delete;
  ~GuardedMemory() { ::operator delete (all_, std::align_val_t{64}); }

  void fill_with_nan() { std::memset(data(), 0xFF, bytes_); }  ///< NaN as float and as double
  unsigned char* data() { return all_ + guard; }
  std::size_t bytes() const { return bytes_; }
  bool guards_are_whole() const {
    for (std::size_t i = 0; i < guard; ++i)
      if (all_[i] != 0xA5 || all_[guard + bytes_ + i] != 0xA5) return false;
    return true;
  }

 private:
  static constexpr std::size_t guard = 256;
  std::size_t bytes_;
  unsigned char* all_;
};

/// Collects the calls that a back end emits and runs them: blocks in a shuffled order, on any number of threads. Arena slots are
/// numbers of guarded memories, filled with NaN; state, gradient, signals and step are contiguous. (The engine has a planner
/// instead; the exam checks kernels and layers without it.)
class Workbench final : public Emitter {
 public:
  Workbench() : state_(1 << 20), gradient_(1 << 20), signals_(8 << 10), step_(8 << 8) {
    std::memset(step_.data(), 0, step_.bytes());
    new (step_.data()) StepInputs;
  }

  Slot temporary(std::int64_t bytes) override {
    arena_.push_back(std::make_unique<GuardedMemory>(bytes));
    return {Buffer::arena, static_cast<std::int64_t>(arena_.size()) - 1};
  }
  void call(std::unique_ptr<Kernel> kernel, std::vector<Slot> operands, Slot gate = {}) override {
    calls_.push_back({std::move(kernel), std::move(operands), gate});
  }

  /// Returns the slot of a new value that holds `values`.
  template <class T>
  Slot put(const std::vector<T>& values) {
    const Slot slot = temporary(static_cast<std::int64_t>(values.size() * sizeof(T)));
    write(slot, values);
    return slot;
  }
  template <class T>
  void write(Slot slot, const std::vector<T>& values) {
    if (!values.empty()) std::memcpy(address(slot), values.data(), values.size() * sizeof(T));
  }
  template <class T>
  Slot room_for(std::int64_t count) {
    return temporary(count * static_cast<std::int64_t>(sizeof(T)));
  }
  template <class T>
  std::vector<T> values(Slot slot, std::int64_t count) {
    std::vector<T> all(static_cast<std::size_t>(count));
    if (count > 0) std::memcpy(all.data(), address(slot), all.size() * sizeof(T));
    return all;
  }

  StepInputs& inputs() { return *std::launder(reinterpret_cast<StepInputs*>(step_.data())); }
  /// Sets the layers' step input number i, which is 0 until then, and returns its slot.
  Slot give_layer_input(std::int64_t i, double value) {
    const Slot slot = layer_input_slot(i);
    std::memcpy(address(slot), &value, 8);
    return slot;
  }
  double signal(int place) {
    double value;
    std::memcpy(&value, signals_.data() + 8 * place, 8);
    return value;
  }
  static Slot state_slot(std::int64_t bytes) { return {Buffer::state, bytes}; }
  static Slot gradient_slot(std::int64_t bytes) { return {Buffer::gradient, bytes}; }

  void run(int threads = 1, unsigned shuffle_seed = 0) {
    const std::unique_ptr<Executor> pool = make_pool(threads);
    std::vector<std::unique_ptr<GuardedMemory>> scratch;
    std::int64_t scratch_bytes = 0;
    for (const Call& c : calls_) scratch_bytes = std::max(scratch_bytes, c.kernel->scratch_bytes());
    for (int t = 0; t < pool->threads(); ++t) scratch.push_back(std::make_unique<GuardedMemory>(scratch_bytes));
    std::mt19937 shuffle(shuffle_seed);
    for (const Call& c : calls_) run(c, *pool, scratch, shuffle);
    for (const auto& s : scratch) scratch_is_whole_ = scratch_is_whole_ && s->guards_are_whole();
  }
  void forget_calls() { calls_.clear(); }
  std::size_t calls() const { return calls_.size(); }
  const Kernel& kernel(std::size_t call) const { return *calls_[call].kernel; }

  bool guards_are_whole() const {
    bool whole = scratch_is_whole_ && state_.guards_are_whole() && gradient_.guards_are_whole() && signals_.guards_are_whole() &&
                 step_.guards_are_whole();
    for (const auto& a : arena_) whole = whole && a->guards_are_whole();
    return whole;
  }

  void* address(Slot slot) {
    switch (slot.buffer) {
      case Buffer::none: return nullptr;
      case Buffer::state: return state_.data() + slot.offset;
      case Buffer::gradient: return gradient_.data() + slot.offset;
      case Buffer::signals: return signals_.data() + slot.offset;
      case Buffer::step: return step_.data() + slot.offset;
      case Buffer::batch:
      case Buffer::arena: return arena_[static_cast<std::size_t>(slot.offset)]->data() + slot.within;
    }
    return nullptr;
  }

 private:
  struct Call {
    std::unique_ptr<Kernel> kernel;
    std::vector<Slot> operands;
    Slot gate;
  };
  struct Work {
    const Kernel* kernel;
    std::vector<void*> operands = {};
    std::vector<int> order = {};
    std::vector<std::unique_ptr<GuardedMemory>>* scratch;
  };

  void run(const Call& c, Executor& pool, std::vector<std::unique_ptr<GuardedMemory>>& scratch, std::mt19937& shuffle) {
    if (c.gate) {
      double gate;
      std::memcpy(&gate, address(c.gate), 8);
      if (gate == 0) return;
    }
    Work work{.kernel = c.kernel.get(), .scratch = &scratch};
    for (const Slot s : c.operands) work.operands.push_back(address(s));
    for (int b = 0; b < c.kernel->blocks(); ++b) work.order.push_back(b);
    std::shuffle(work.order.begin(), work.order.end(), shuffle);
    pool.run(
        c.kernel->blocks(),
        [](void* context, int block, int worker) {
          auto& w = *static_cast<Work*>(context);
          GuardedMemory& own = *(*w.scratch)[static_cast<std::size_t>(worker)];
          own.fill_with_nan();
          w.kernel->run(w.operands.data(), w.order[static_cast<std::size_t>(block)], own.data());
        },
        &work);
  }

  std::vector<std::unique_ptr<GuardedMemory>> arena_;
  GuardedMemory state_, gradient_, signals_, step_;
  std::vector<Call> calls_;
  bool scratch_is_whole_ = true;
};

}  // namespace tend
