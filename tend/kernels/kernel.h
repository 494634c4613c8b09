#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tend {

/// The memories that a Program works on. Only kernels look inside them.
enum class Buffer : std::uint8_t {
  none,
  state,     ///< parameters, optimizer slots, statistics, counters: plain, row-major
  gradient,  ///< one element for each parameter element, same offsets
  batch,     ///< inputs and targets of the rows at hand
  arena,     ///< values between layers, scratch of several calls; planned by lifetimes
  signals,   ///< doubles that a step leaves behind: loss, norms, counts
  step,      ///< what a step is given: StepInputs (kernels/step_inputs.h), then the layers' own inputs
};
inline constexpr int buffer_count = 7;

/// A place in a buffer. While a Program is being built, `offset` of an arena slot is a value's number that the planner
/// turns into bytes; everywhere else it is bytes from the buffer's start.
struct Slot {
  Buffer buffer = Buffer::none;
  std::int64_t offset = 0;
  explicit operator bool() const { return buffer != Buffer::none; }
  bool operator==(const Slot&) const = default;
};

/// One piece of arithmetic with everything about it decided: shapes, blocks, instruction set. Immutable, shared by all
/// threads. run() may be called for all blocks at once from different threads; blocks write disjoint places; the result
/// depends on neither order nor thread. Sums across blocks are calls of their own, in an order fixed by shape.
class Kernel {
 public:
  virtual ~Kernel() = default;
  virtual std::string_view name() const = 0;
  virtual int blocks() const { return 1; }
  /// operands[i] is the address behind the i-th slot given to Emitter::call, nullptr for an empty slot.
  /// scratch is this thread's own memory of scratch_bytes(), 64-byte aligned, its content undefined.
  virtual void run(void* const* operands, int block, void* scratch) const = 0;
  virtual std::int64_t scratch_bytes() const { return 0; }
  virtual double flops() const { return 0; }       ///< of all blocks
  virtual double bytes() const { return 0; }       ///< read and written, of all blocks
  virtual std::string note() const { return {}; }  ///< for the listing: "128x784x512 avx512, 8 blocks"
};

/// Takes the calls that layers and back ends emit.
class Emitter {
 public:
  virtual ~Emitter() = default;
  /// A new arena value that lives from the first to the last call that names it. 64-byte aligned.
  virtual Slot temporary(std::int64_t bytes) = 0;
  /// Appends a call. `gate`, where given, is a place in Buffer::step: the call is skipped while that double is 0.
  virtual void call(std::unique_ptr<Kernel> kernel, std::vector<Slot> operands, Slot gate = {}) = 0;
};

}  // namespace tend
