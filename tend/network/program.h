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
  Slot gate;       ///< the call is skipped while this double of Buffer::step is 0; empty: never
  std::string of;  ///< "dense_1 forward"
};

/// A moment at which a node's values can be read: after call `call` (-1: before the first) its output, or the gradient of the
/// loss with respect to its output, is complete in `slot`, [rows, the node's shape].
struct Trace {
  std::ptrdiff_t call = -1;
  int node = 0;
  bool is_gradient = false;
  Slot slot;
};

/// The addresses of the buffers of one run.
struct Memory {
  std::byte* base[buffer_count] = {};
  std::byte* scratch = nullptr;  ///< threads x Program::scratch_bytes()
};

/// Returns `count` elements in a slot, on the host. All code except kernels reads a Program's values this way. Valid until the
/// next run.
template <class T>
std::span<T> values_in(const Memory& memory, Slot slot, std::int64_t count) {
  return {reinterpret_cast<T*>(memory.base[static_cast<int>(slot.buffer)] + slot.offset), static_cast<std::size_t>(count)};
}

/// A compiled network: kernel calls in order over planned memory. Immutable and shared: twins, trials and ranks replay it over
/// their own memory. run() allocates nothing and looks up nothing.
class Program {
 public:
  static constexpr std::size_t most_operands = 256;  ///< of a call
  /// Runs a whole step: gradient(), then update().
  void run(const Memory& memory, Executor& executor) const;
  /// Runs the forward pass, the loss and the backward pass: all that reads the batch. If they were compiled in, gradients of the
  /// loss are in Buffer::gradient afterwards, and the caller may change them before update(), for example by a sum over ranks.
  void gradient(const Memory& memory, Executor& executor) const;
  /// Runs all that is done once for a whole step: penalties' gradients, the optimizer's sweep, limits of norms, moving averages.
  void update(const Memory& memory, Executor& executor) const;
  /// Runs a whole step and calls `after` with the operands of each call that was not skipped, when the call is done. It serves
  /// callers that inspect a step.
  using Observer = std::function<void(std::size_t call, void* const* operands)>;
  void run(const Memory& memory, Executor& executor, const Observer& after) const;

  std::int64_t rows() const { return rows_; }
  std::int64_t arena_bytes() const { return arena_bytes_; }
  std::int64_t scratch_bytes() const { return scratch_bytes_; }  ///< for one thread
  std::int64_t batch_bytes() const { return batch_bytes_; }
  std::int64_t signal_count() const { return signal_count_; }    ///< number of doubles in Buffer::signals
  std::int64_t step_bytes() const { return step_bytes_; }        ///< size of Buffer::step: StepInputs and the layers' inputs
  std::int64_t target_offset() const { return target_offset_; }  ///< offset of targets in Buffer::batch; inputs start at 0
  std::int64_t weight_offset() const { return weight_offset_; }  ///< offset of the rows' weights, if they were compiled in
  Slot output() const { return output_; }                        ///< predictions [rows, K], valid after run()
  Slot values() const { return values_; }                        ///< the rows' losses, doubles; if a loss was compiled in
  Slot input_gradient() const { return input_gradient_; }        ///< if it was requested
  double flops() const;
  double bytes() const;  ///< bytes read and written by all calls
  const std::vector<Call>& calls() const { return calls_; }
  const std::vector<Trace>& traces() const { return traces_; }  ///< in the order of their calls; only where nothing is fused
  /// Returns one line for each call (kernel, node, shapes, blocks, FLOPs, bytes, places of its operands), then the totals.
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

/// The memory for running programs of one network: arena, scratch, signals and step inputs, large enough for each of them.
class Workspace {
 public:
  Workspace(const std::vector<const Program*>& programs, int threads);
  double* signals() { return reinterpret_cast<double*>(signals_.data()); }
  /// The inputs of the next step. They have the defaults of StepInputs until they are changed.
  StepInputs& inputs() { return *reinterpret_cast<StepInputs*>(step_.data()); }
  /// The layers' own inputs, in the order of Network::step_inputs(). They are 0 until they are set.
  std::span<double> layer_inputs() {
    return {reinterpret_cast<double*>(step_.data() + layer_input_slot(0).offset), static_cast<std::size_t>(layer_inputs_)};
  }
  /// The inputs of a group of parameters: `place` is SweepSegment::inputs.
  GroupInputs& group_inputs(Slot place) { return *reinterpret_cast<GroupInputs*>(step_.data() + place.offset); }
  /// Returns the addresses of all buffers. State, gradients and batch come from the caller.
  Memory memory(std::byte* state, std::byte* gradient, std::byte* batch);
  /// The start of Buffer::arena; the address of a slot is this plus its offset.
  std::byte* arena() { return arena_.data(); }
  std::int64_t bytes() const { return arena_.size() + scratch_.size() + signals_.size() + step_.size(); }

 private:
  AlignedBytes arena_, scratch_, signals_, step_;
  std::int64_t layer_inputs_ = 0;
};

}  // namespace tend
