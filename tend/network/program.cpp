#include "tend/network/program.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <new>

namespace tend {

namespace {

struct Piece {
  const Kernel* kernel;
  void* const* operands;
  std::byte* scratch;
  std::int64_t scratch_bytes;
};

void run_block(void* context, int block, int worker) {
  const Piece& piece = *static_cast<const Piece*>(context);
  piece.kernel->run(piece.operands, block, piece.scratch + worker * piece.scratch_bytes);
}

}  // namespace

/// Writes the addresses of a call's slots to `operands`. Returns false if the call's gate is 0.
bool Program::bind(const Call& call, const Memory& memory, void** operands) const {
  if (call.gate && *reinterpret_cast<const double*>(memory.base[static_cast<int>(Buffer::step)] + call.gate.offset) == 0)
    return false;
  for (std::size_t i = 0; i < call.operands.size(); ++i) {
    const Slot slot = call.operands[i];
    operands[i] = slot ? memory.base[static_cast<int>(slot.buffer)] + slot.offset : nullptr;
  }
  return true;
}

void Program::run(const Call& call, void* const* operands, const Memory& memory, Executor& executor) const {
  const int blocks = call.kernel->blocks();
  Piece piece{.kernel = call.kernel.get(), .operands = operands, .scratch = memory.scratch, .scratch_bytes = scratch_bytes_};
  if (blocks == 1) call.kernel->run(operands, 0, memory.scratch);
  else executor.run(blocks, run_block, &piece);
}

void Program::run(std::size_t first, std::size_t end, const Memory& memory, Executor& executor) const {
  std::array<void*, most_operands> operands;
  TEND_EXPECTS(most_operands_ <= most_operands);
  for (std::size_t c = first; c < end; ++c)
    if (bind(calls_[c], memory, operands.data())) run(calls_[c], operands.data(), memory, executor);
}

void Program::run(const Memory& memory, Executor& executor) const { run(0, calls_.size(), memory, executor); }
void Program::gradient(const Memory& memory, Executor& executor) const { run(0, first_update_call_, memory, executor); }
void Program::update(const Memory& memory, Executor& executor) const { run(first_update_call_, calls_.size(), memory, executor); }

void Program::run(const Memory& memory, Executor& executor, const Observer& after) const {
  std::array<void*, most_operands> operands;
  TEND_EXPECTS(most_operands_ <= most_operands);
  for (std::size_t c = 0; c < calls_.size(); ++c) {
    if (!bind(calls_[c], memory, operands.data())) continue;
    run(calls_[c], operands.data(), memory, executor);
    after(c, operands.data());
  }
}

double Program::flops() const {
  double sum = 0;
  for (const Call& call : calls_) sum += call.kernel->flops();
  return sum;
}

double Program::bytes() const {
  double sum = 0;
  for (const Call& call : calls_) sum += call.kernel->bytes();
  return sum;
}

std::string Program::listing() const {
  static constexpr const char* letters[buffer_count] = {"-", "state", "gradient", "batch", "arena", "signals", "step"};
  std::string text;
  char line[256];
  std::snprintf(line, sizeof line, "%-28s %-26s %6s %10s %10s  %s\n", "of", "kernel", "blocks", "MFLOP", "KiB", "operands");
  text += line;
  for (const Call& call : calls_) {
    std::snprintf(line, sizeof line, "%-28s %-26s %6d %10.3f %10.1f ", call.of.c_str(), std::string(call.kernel->name()).c_str(),
                  call.kernel->blocks(), call.kernel->flops() / 1e6, call.kernel->bytes() / 1024);
    text += line;
    for (const Slot& slot : call.operands)
      text += slot ? std::string(" ") + letters[static_cast<int>(slot.buffer)] + "+" + std::to_string(slot.offset) : " -";
    if (call.gate) text += "  if step+" + std::to_string(call.gate.offset);
    if (!call.kernel->note().empty()) text += "  (" + call.kernel->note() + ")";
    text += "\n";
  }
  std::snprintf(line, sizeof line,
                "%zu operations, %lld rows, %.3f MFLOP, %.1f KiB moved, arena %lld bytes, scratch %lld bytes a thread\n",
                calls_.size(), static_cast<long long>(rows_), flops() / 1e6, bytes() / 1024, static_cast<long long>(arena_bytes_),
                static_cast<long long>(scratch_bytes_));
  return text + line;
}

Workspace::Workspace(const std::vector<const Program*>& programs, int threads) {
  std::int64_t arena = 0, scratch = 0, signals = 0, step = layer_input_slot(0).offset;
  for (const Program* program : programs) {
    arena = std::max(arena, program->arena_bytes());
    scratch = std::max(scratch, program->scratch_bytes());
    signals = std::max(signals, program->signal_count());
    step = std::max(step, program->step_bytes());
  }
  arena_ = AlignedBytes(arena);
  scratch_ = AlignedBytes(scratch * threads);
  signals_ = AlignedBytes(8 * signals);
  step_ = AlignedBytes(step);
  new (step_.data()) StepInputs;
  layer_inputs_ = (step - layer_input_slot(0).offset) / 8;
}

Memory Workspace::memory(std::byte* state, std::byte* gradient, std::byte* batch) {
  Memory memory;
  memory.base[static_cast<int>(Buffer::state)] = state;
  memory.base[static_cast<int>(Buffer::gradient)] = gradient;
  memory.base[static_cast<int>(Buffer::batch)] = batch;
  memory.base[static_cast<int>(Buffer::arena)] = arena_.data();
  memory.base[static_cast<int>(Buffer::signals)] = signals_.data();
  memory.base[static_cast<int>(Buffer::step)] = step_.data();
  memory.scratch = scratch_.data();
  return memory;
}

}  // namespace tend
