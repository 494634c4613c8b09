#pragma once
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "tend/base/executor.h"
#include "tend/kernels/step_inputs.h"
#include "tend/tensor/block.h"

namespace tend {

/// One kernel call of a Program.
struct Call {
  std::shared_ptr<const Kernel> kernel;
  std::vector<Slot> operands;
  Slot gate;       ///< skipped while this double of Buffer::step is 0; empty: never
  std::string of;  ///< "dense_1 forward"
};

/// A moment at which a node's values can be read: after call `call` (-1: before the first) its output, or the gradient of the
/// loss by its output, lies whole in `slot`, [rows, the node's shape].
struct Trace {
  std::ptrdiff_t call = -1;
  int node = 0;
  bool is_gradient = false;
  Slot slot;
};

/// Where the buffers of one run lie.
struct Memory {
  std::byte* base[buffer_count] = {};
  std::byte* scratch = nullptr;  ///< threads x Program::scratch_bytes()
};

/// `count` elements in a slot, on the host: the way for all but kernels to look at what a Program works on. Valid until the next
/// run.
template <class T>
std::span<T> values_in(const Memory& memory, Slot slot, std::int64_t count) {
  return {reinterpret_cast<T*>(memory.base[static_cast<int>(slot.buffer)] + slot.offset), static_cast<std::size_t>(count)};
}

/// A compiled network: kernel calls in order over planned memory. Immutable and shared: twins, trials and ranks replay it over
/// memories of their own. run() allocates nothing and looks nothing up.
class Program {
 public:
  /// A whole step: gradient(), then update().
  void run(const Memory& memory, Executor& executor) const;
  /// Forward pass, loss and backward pass: all that reads the batch. Where they were compiled in, gradients of the loss are in
  /// Buffer::gradient afterwards, and the caller may change them before update(), as by a sum over ranks.
  void gradient(const Memory& memory, Executor& executor) const;
  /// Penalties' gradients, the optimizer's sweep, limits of norms, moving averages: all that is done once for a whole step.
  void update(const Memory& memory, Executor& executor) const;
  /// A whole step that tells of each call that was not skipped what it worked on, when it is done: for whoever looks inside a
  /// step.
  using Observer = std::function<void(std::size_t call, void* const* operands)>;
  void run(const Memory& memory, Executor& executor, const Observer& after) const;

  std::int64_t rows() const { return rows_; }
  std::int64_t arena_bytes() const { return arena_bytes_; }
  std::int64_t scratch_bytes() const { return scratch_bytes_; }  ///< for one thread
  std::int64_t batch_bytes() const { return batch_bytes_; }
  std::int64_t signal_count() const { return signal_count_; }    ///< doubles in Buffer::signals
  std::int64_t step_bytes() const { return step_bytes_; }        ///< of Buffer::step: StepInputs and the layers' inputs
  std::int64_t target_offset() const { return target_offset_; }  ///< of targets in Buffer::batch; inputs start at 0
  std::int64_t weight_offset() const { return weight_offset_; }  ///< of the rows' weights, where they were compiled in
  Slot output() const { return output_; }                        ///< predictions [rows, K], valid after run()
  Slot values() const { return values_; }                        ///< the rows' losses, doubles; where a loss was compiled in
  Slot input_gradient() const { return input_gradient_; }        ///< where it was asked for
  double flops() const;
  double bytes() const;  ///< read and written by all calls
  const std::vector<Call>& calls() const { return calls_; }
  const std::vector<Trace>& traces() const { return traces_; }  ///< in the order of their calls; only where nothing is fused
  /// One line a call: what, for whom, shapes, blocks, FLOPs, bytes, where its operands lie; then the totals.
  std::string listing() const;

 private:
  friend class Compiler;
  std::vector<Call> calls_;
  std::vector<Trace> traces_;
  std::int64_t rows_ = 0, arena_bytes_ = 0, scratch_bytes_ = 0, batch_bytes_ = 0, target_offset_ = 0, weight_offset_ = 0,
               signal_count_ = 0, step_bytes_ = 0;
  std::size_t first_update_call_ = 0;
  bool bind(const Call& call, const Memory& memory, void** operands) const;
  void run(const Call& call, void* const* operands, const Memory& memory, Executor& executor) const;
  void run(std::size_t first, std::size_t end, const Memory& memory, Executor& executor) const;

  std::size_t most_operands_ = 0;
  Slot output_, values_, input_gradient_;
};

/// Memory for running programs of one network: arena, scratch, signals and what a step is given, large enough for each of them.
class Workspace {
 public:
  Workspace(const std::vector<const Program*>& programs, int threads);
  double* signals() { return reinterpret_cast<double*>(signals_.data()); }
  /// What the next step is given; the defaults of StepInputs until they are changed.
  StepInputs& inputs() { return *reinterpret_cast<StepInputs*>(step_.data()); }
  /// The layers' own inputs, as Network::step_inputs() lists them; 0 until they are given.
  std::span<double> layer_inputs() {
    return {reinterpret_cast<double*>(step_.data() + layer_input_slot(0).offset), static_cast<std::size_t>(layer_inputs_)};
  }
  /// Everything bound; state, gradients and batch come from the caller.
  Memory memory(std::byte* state, std::byte* gradient, std::byte* batch);
  /// The address of a slot in Buffer::arena.
  std::byte* arena() { return arena_.data(); }
  std::int64_t bytes() const { return arena_.size() + scratch_.size() + signals_.size() + step_.size(); }

 private:
  AlignedBytes arena_, scratch_, signals_, step_;
  std::int64_t layer_inputs_ = 0;
};

}  // namespace tend
