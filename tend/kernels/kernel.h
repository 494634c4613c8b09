#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tend {

/// The memories that a Program works on. Only kernels access their content.
enum class Buffer : std::uint8_t {
  none,
  state,     ///< parameters, optimizer slots, statistics, counters: plain, row-major
  gradient,  ///< one element for each parameter element, at the same offsets
  batch,     ///< inputs and targets of the current rows
  arena,     ///< values between layers, and scratch memory shared by several calls; planned by lifetimes
  signals,   ///< doubles that a step writes: loss, norms, counts
  step,      ///< the inputs of a step: StepInputs (kernels/step_inputs.h), then the layers' own inputs
};
inline constexpr int buffer_count = 7;

/// A place in a buffer. While a Program is being built, `offset` of an arena slot is the number of a value, which the planner
/// converts to bytes. Everywhere else it is the number of bytes from the buffer's start.
struct Slot {
  Buffer buffer = Buffer::none;
  std::int64_t offset = 0;
  std::int64_t within = 0;  ///< while a Program is being built: bytes from the start of the arena value; afterwards 0
  explicit operator bool() const { return buffer != Buffer::none; }
  bool operator==(const Slot&) const = default;
};

/// One arithmetic operation with shapes, blocks and instruction set fixed. Immutable, shared by all threads. run() may be called
/// for all blocks at once from different threads. Blocks write disjoint places, and the result depends on neither order nor
/// thread. Sums across blocks are separate calls, in an order fixed by shape.
class Kernel {
 public:
  virtual ~Kernel() = default;
  virtual std::string_view name() const = 0;
  virtual int blocks() const { return 1; }
  /// operands[i] is the address of the i-th slot given to Emitter::call, or nullptr for an empty slot. scratch is this thread's
  /// own memory of scratch_bytes(), 64-byte aligned, with undefined content.
  virtual void run(void* const* operands, int block, void* scratch) const = 0;
  virtual std::int64_t scratch_bytes() const { return 0; }
  virtual double flops() const { return 0; }       ///< for all blocks
  virtual double bytes() const { return 0; }       ///< bytes read and written by all blocks
  virtual std::string note() const { return {}; }  ///< for the listing: "128x784x512 avx512, 8 blocks"
};

/// Receives the calls that layers and back ends emit.
class Emitter {
 public:
  virtual ~Emitter() = default;
  /// Makes an arena value that lives from the first to the last call that names it. It is 64-byte aligned.
  virtual Slot temporary(std::int64_t bytes) = 0;
  /// Appends a call. `gate`, if given, is a place in Buffer::step: the call is skipped while that double is 0.
  virtual void call(std::unique_ptr<Kernel> kernel, std::vector<Slot> operands, Slot gate = {}) = 0;
};

}  // namespace tend
