#include <cmath>

#include "tend/kernels/between_passes.h"
#include "tend/kernels/simd/blocks.h"
#include "tend/kernels/simd/fast_backend.h"
#include "tend/kernels/simd/passes.h"

namespace tend {
namespace {

constexpr std::int64_t chunk_elements = 8192, together_elements = 16384, block_elements = 32768;

struct Chunk {
  std::int64_t offset, count, inputs;  // inputs: byte of the GroupInputs in Buffer::step; 0: StepInputs
  std::int32_t segment, member;
  bool decays, is_matrix;
};

/// The data that all calls of a sweep share.
struct Plan {
  SweepFunctions functions;
  const PassTable* table;
  std::vector<Chunk> chunks;
  std::vector<int> first_chunk;  ///< first chunk of each block, and one past the last
  std::int32_t segments = 0, members = 1;
  int blocks() const { return static_cast<int>(first_chunk.size()) - 1; }
};

std::shared_ptr<const Plan> plan_sweep(const SweepFunctions& functions, const PassTable& table,
                                       const std::vector<SweepSegment>& segments) {
  auto plan = std::make_shared<Plan>();
  plan->functions = functions;
  plan->table = &table;
  plan->segments = static_cast<std::int32_t>(segments.size());
  std::int64_t total = 0, in_block = 0;
  for (const auto& s : segments) total += s.count;
  plan->first_chunk = {0};
  for (std::int32_t s = 0; s < plan->segments; ++s) {
    const auto& segment = segments[static_cast<std::size_t>(s)];
    plan->members = std::max(plan->members, segment.member + 1);
    for (std::int64_t i = 0; i < segment.count; i += chunk_elements) {
      const std::int64_t count = std::min(chunk_elements, segment.count - i);
      if (total > together_elements && in_block >= block_elements) {
        plan->first_chunk.push_back(static_cast<int>(plan->chunks.size()));
        in_block = 0;
      }
      plan->chunks.push_back({.offset = segment.offset + i,
                              .count = count,
                              .inputs = segment.inputs ? segment.inputs.offset : 0,
                              .segment = s,
                              .member = segment.member,
                              .decays = segment.decays,
                              .is_matrix = segment.columns > 0});
      in_block += count;
    }
  }
  plan->first_chunk.push_back(static_cast<int>(plan->chunks.size()));
  return plan;
}

/// Operands of all calls of a sweep: the step's inputs, signals, parameters, gradient, four sums a chunk, one square a chunk and
/// then the scale of each member; with two passes, two facts and a factor a segment; then the slots.
enum Operand { inputs, signals, state, gradient, sums, squares, facts, factors, first_slot };

const StepInputs& inputs_of(void* const* o) { return step_inputs_at(o[inputs]); }

void square_block(const Plan& plan, void* const* o, int block) {
  const auto limit = static_cast<float>(inputs_of(o).clip_value);
  for (int c = plan.first_chunk[static_cast<std::size_t>(block)]; c < plan.first_chunk[static_cast<std::size_t>(block) + 1];
       ++c) {
    const Chunk& chunk = plan.chunks[static_cast<std::size_t>(c)];
    at<double>(o[squares])[c] = plan.table->sum_of_squares(at(o[gradient], chunk.offset), chunk.count, limit);
  }
}

/// Writes the norm to the signals and the scales after the squares.
void finish_norm(const Plan& plan, void* const* o) {
  double *squares_of = at<double>(o[squares]), *scales = squares_of + plan.chunks.size();
  const double limit = inputs_of(o).clip_norm;
  double largest = 0;
  std::fill_n(scales, plan.members, 0.0);
  for (std::size_t c = 0; c < plan.chunks.size(); ++c) scales[plan.chunks[c].member] += squares_of[c];
  for (std::int32_t m = 0; m < plan.members; ++m) {
    const double norm = std::sqrt(scales[m]);
    if (m == 0 || !(norm <= largest)) largest = norm;
    scales[m] = std::isfinite(norm) && norm > limit ? limit / norm : 1;
  }
  at<double>(o[signals])[signal_place::clip_norm] = largest;
}

void sweep_block(const Plan& plan, void* const* o, int block, int pass) {
  const StepInputs& in = inputs_of(o);
  SweepChunk s{};
  s.clip_value = in.clip_value;
  for (int c = plan.first_chunk[static_cast<std::size_t>(block)]; c < plan.first_chunk[static_cast<std::size_t>(block) + 1];
       ++c) {
    const Chunk& chunk = plan.chunks[static_cast<std::size_t>(c)];
    s.weight = at(o[state], chunk.offset);
    s.gradient = at(o[gradient], chunk.offset);
    for (int i = 0; i < plan.functions.slots; ++i) s.slots[i] = at(o[first_slot + i], chunk.offset);
    s.count = chunk.count;
    set_inputs(s, in, chunk.inputs, chunk.decays);
    s.scale = in.clip_norm == 0 ? 1 : at<double>(o[squares])[plan.chunks.size() + static_cast<std::size_t>(chunk.member)];
    s.sums = at<double>(o[sums], 4 * c);
    s.pass = pass;
    s.is_matrix = chunk.is_matrix;
    if (pass == 2) s.factor = at<double>(o[factors])[chunk.segment];
    plan.functions.chunk(s);
  }
}

void finish_sums(const Plan& plan, void* const* o) {
  double* out = at<double>(o[signals]);
  const double* parts = at<double>(o[sums]);
  if (inputs_of(o).clip_norm == 0) out[signal_place::clip_norm] = 0;
  std::fill_n(out + signal_place::first_parameter, signal_place::per_parameter * plan.segments, 0.0);
  for (std::size_t c = 0; c < plan.chunks.size(); ++c)
    for (int i = 0; i < signal_place::per_parameter; ++i)
      out[signal_place::first_parameter + signal_place::per_parameter * plan.chunks[c].segment + i] +=
          parts[4 * c + static_cast<std::size_t>(i)];
}

/// Writes the results of the first pass for each tensor.
void finish_facts(const Plan& plan, void* const* o) {
  double* out = at<double>(o[facts]);
  const double* parts = at<double>(o[sums]);
  std::fill_n(out, 2 * plan.segments, 0.0);
  for (std::size_t c = 0; c < plan.chunks.size(); ++c) {
    out[2 * plan.chunks[c].segment] += parts[4 * c + 2];
    out[2 * plan.chunks[c].segment + 1] += parts[4 * c + 1];
  }
}

}  // namespace

void FastBackend::sweep(Emitter& e, const SweepFunctions& f, const std::vector<SweepSegment>& segments,
                        const std::vector<Slot>& slots) const {
  const auto plan = plan_sweep(f, passes_, segments);
  const auto chunks = static_cast<std::int64_t>(plan->chunks.size());
  double total = 0;
  for (const auto& s : segments) total += static_cast<double>(s.count);
  std::vector<Slot> operands{Slot{Buffer::step, 0},     Slot{Buffer::signals, 0},      Slot{Buffer::state, 0},
                             Slot{Buffer::gradient, 0}, e.temporary(32 * chunks + 32), e.temporary(8 * (chunks + plan->members))};
  const bool is_directed = f.takes_two_passes();
  const auto count = static_cast<std::int64_t>(segments.size());
  operands.insert(operands.end(),
                  {is_directed ? e.temporary(16 * count) : Slot{}, is_directed ? e.temporary(8 * count) : Slot{}});
  operands.insert(operands.end(), slots.begin(), slots.begin() + f.slots);
  const KernelFacts about{.name = "sweep", .blocks = plan->blocks(), .bytes = 4 * total * (3 + 2 * f.slots), .note = f.name};
  if (plan->blocks() == 1 && !is_directed) {
    auto all = [plan](void* const* o, int, void*) {
      if (inputs_of(o).clip_norm != 0) {
        square_block(*plan, o, 0);
        finish_norm(*plan, o);
      }
      sweep_block(*plan, o, 0, 0);
      finish_sums(*plan, o);
    };
    e.call(make_kernel(about, all), operands);
    return;
  }
  const Slot clips = step_slot(&StepInputs::clip_norm);
  e.call(make_kernel({.name = "norm", .blocks = plan->blocks(), .bytes = 4 * total, .note = word()},
                     [plan](void* const* o, int block, void*) { square_block(*plan, o, block); }),
         operands, clips);
  e.call(make_kernel({.name = "norm_sum"}, [plan](void* const* o, int, void*) { finish_norm(*plan, o); }), operands, clips);
  const auto pass = [&](int number) {
    e.call(make_kernel(about, [plan, number](void* const* o, int block, void*) { sweep_block(*plan, o, block, number); }),
           operands);
  };
  if (is_directed) {
    pass(1);
    e.call(make_kernel({.name = "facts"}, [plan](void* const* o, int, void*) { finish_facts(*plan, o); }), operands);
    emit_between_passes(*this, e, f, segments, slots, operands[facts], operands[factors]);
  }
  pass(is_directed ? 2 : 0);
  e.call(make_kernel({.name = "sweep_sums"}, [plan](void* const* o, int, void*) { finish_sums(*plan, o); }), operands);
}

void FastBackend::penalty(Emitter& e, const SweepSegment& segment, Slot penalty) const {
  const Cut cut = cut_pass(segment.count, 1, block_elements);
  auto run = [cut, segment, &table = passes_](void* const* o, int block, void*) {
    const std::int64_t first = cut(block), start = segment.offset + first;
    table.add_scaled(static_cast<float>(2 * *at<double>(o[0])), at(o[1], start), at(o[2], start), cut(block + 1) - first);
  };
  e.call(make_kernel({.name = "penalty", .blocks = cut.count, .bytes = 12 * static_cast<double>(segment.count), .note = word()},
                     run),
         {penalty, Slot{Buffer::state, 0}, Slot{Buffer::gradient, 0}}, penalty);
}

void FastBackend::sign_penalty(Emitter& e, const SweepSegment& segment, Slot penalty) const {
  const Cut cut = cut_pass(segment.count, 1, block_elements);
  auto run = [cut, segment, &table = passes_](void* const* o, int block, void*) {
    const std::int64_t first = cut(block), start = segment.offset + first;
    table.add_signs(static_cast<float>(*at<double>(o[0])), at(o[1], start), at(o[2], start), cut(block + 1) - first);
  };
  e.call(
      make_kernel({.name = "sign_penalty", .blocks = cut.count, .bytes = 12 * static_cast<double>(segment.count), .note = word()},
                  run),
      {penalty, Slot{Buffer::state, 0}, Slot{Buffer::gradient, 0}}, penalty);
}

void FastBackend::average(Emitter& e, std::int64_t count, Slot share, Slot value, Slot average) const {
  const Cut cut = cut_pass(count, 1, block_elements);
  auto run = [cut, &table = passes_](void* const* o, int block, void*) {
    const std::int64_t first = cut(block);
    table.approach(static_cast<float>(*at<double>(o[0])), at(o[1], first), at(o[2], first), cut(block + 1) - first);
  };
  e.call(make_kernel({.name = "average", .blocks = cut.count, .bytes = 12 * static_cast<double>(count), .note = word()}, run),
         {share, value, average}, share);
}

void FastBackend::max_norm(Emitter& e, const SweepSegment& segment, std::int64_t units, Slot limit) const {
  constexpr std::int64_t most_columns = 512;  // of a block, because their sums are on the stack
  const std::int64_t rows = segment.count / units, wanted = (block_elements / std::max<std::int64_t>(rows, 1) + 15) / 16 * 16;
  const std::int64_t width = std::clamp<std::int64_t>(wanted, 16, most_columns);
  auto run = [segment, units, rows, width, &table = passes_](void* const* o, int block, void*) {
    const std::int64_t first = block * width, columns = std::min(width, units - first);
    const double most = *at<double>(o[0]);
    float* w = at(o[1], segment.offset + first);
    double sums[most_columns];
    float factors[most_columns];
    table.column_squares(w, rows, units, columns, sums);
    bool is_above = false;
    for (std::int64_t k = 0; k < columns; ++k) {
      const double norm = std::sqrt(sums[k]);
      factors[k] = norm > most ? static_cast<float>(most / (1e-7 + norm)) : 1;
      is_above = is_above || norm > most;
    }
    if (is_above) table.scale_columns(w, rows, units, columns, factors);
  };
  const auto blocks = static_cast<int>((units + width - 1) / width);
  e.call(
      make_kernel({.name = "max_norm", .blocks = blocks, .bytes = 12 * static_cast<double>(segment.count), .note = word()}, run),
      {limit, Slot{Buffer::state, 0}}, limit);
}

}  // namespace tend
