#include <cmath>
#include <cstring>

#include "tend/kernels/simd/blocks.h"
#include "tend/kernels/simd/fast_backend.h"
#include "tend/kernels/simd/isa_table.h"
#include "tend/kernels/simd/passes.h"

namespace tend {

TEND_ISA_TABLE(PassTable, passes, pass_table)

namespace {

DropoutDraw draw_of(const StepInputs& in, const void* rate, std::uint32_t purpose) {
  DropoutDraw d{};
  d.key[0] = static_cast<std::uint32_t>(in.seed);
  d.key[1] = static_cast<std::uint32_t>(in.seed >> 32);
  d.step = static_cast<std::uint32_t>(in.step);
  d.purpose = purpose;
  d.threshold = static_cast<std::uint32_t>(std::lround(*static_cast<const double*>(rate) * 65536));
  d.scale = d.threshold < 65536 ? static_cast<float>(65536.0 / (65536.0 - d.threshold)) : 0.0f;
  return d;
}

/// Operands: the step's inputs, rate, from, to, z and y of the epilogue.
std::unique_ptr<Kernel> dropout_kernel(std::string_view name, const PassTable& table, const char* isa, const DropoutSpec& s,
                                       const Epilogue& epilogue) {
  const Cut rows = cut_pass(s.rows, s.row_size, 16384);
  auto run = [rows, s, &table, f = epilogue.functions, backward = epilogue.backward](void* const* o, int block, void*) {
    const std::int64_t first = rows(block), count = rows(block + 1) - first, start = first * s.row_size;
    const StepInputs& in = step_inputs_at(o[0]);
    const DropoutDraw draw = draw_of(in, o[1], s.purpose);
    const float* from = at(o[2], start);
    float* to = at(o[3], start);
    if (draw.threshold > 0) table.dropout(draw, from, to, in.first_row + first, count, s.row_size);
    else if (from != to) std::memcpy(to, from, 4 * static_cast<std::size_t>(count * s.row_size));
    finish_span(f, backward, at(o[4]), at(o[5]), at(o[3]), start, count * s.row_size);
  };
  return make_kernel({.name = name, .blocks = rows.count, .bytes = 8 * doubled(s.rows * s.row_size), .note = isa}, run);
}

/// Copies pieces of `width` between the wide rows at `joined` (row size `row`) and the narrow rows at `part`.
void copy_columns(float* to, std::int64_t to_row, const float* from, std::int64_t from_row, std::int64_t rows,
                  std::int64_t width) {
  for (std::int64_t r = 0; r < rows; ++r) std::memcpy(to + r * to_row, from + r * from_row, 4 * static_cast<std::size_t>(width));
}

/// Operands: the wide tensor, then the narrow ones.
std::unique_ptr<Kernel> column_kernel(std::string_view name, std::int64_t rows, const std::vector<std::int64_t>& widths,
                                      bool joins) {
  std::int64_t row = 0;
  for (auto w : widths) row += w;
  const Cut cut = cut_pass(rows, row);
  auto run = [cut, widths, row, joins](void* const* o, int block, void*) {
    const std::int64_t first = cut(block), count = cut(block + 1) - first;
    std::int64_t start = 0;
    for (std::size_t i = 0; i < widths.size(); start += widths[i++]) {
      float *wide = at(o[0], first * row + start), *narrow = at(o[i + 1], first * widths[i]);
      if (!narrow) continue;
      if (joins) copy_columns(wide, row, narrow, widths[i], count, widths[i]);
      else copy_columns(narrow, widths[i], wide, row, count, widths[i]);
    }
  };
  return make_kernel({.name = name, .blocks = cut.count, .bytes = 8 * doubled(rows * row)}, run);
}

}  // namespace

void FastBackend::pointwise_forward(Emitter& e, std::int64_t count, const PointwiseFunctions& f, Slot z, Slot y) const {
  const Cut cut = cut_pass(count, 1, 16384);
  auto run = [cut, f](void* const* o, int block, void*) {
    const std::int64_t first = cut(block);
    f.forward(f.self, at(o[0], first), at(o[1], first), cut(block + 1) - first);
  };
  e.call(make_kernel({.name = "pointwise_forward", .blocks = cut.count, .bytes = 8 * doubled(count), .note = f.name}, run),
         {z, y});
}

void FastBackend::pointwise_backward(Emitter& e, std::int64_t count, const PointwiseFunctions& f, Slot z, Slot y, Slot dy,
                                     Slot dz) const {
  const Cut cut = cut_pass(count, 1, 16384);
  auto run = [cut, f](void* const* o, int block, void*) {
    const std::int64_t first = cut(block);
    f.backward(f.self, at(o[0], first), at(o[1], first), at(o[2], first), at(o[3], first), cut(block + 1) - first);
  };
  e.call(make_kernel({.name = "pointwise_backward",
                      .blocks = cut.count,
                      .bytes = (f.needs_input ? 16 : 12) * doubled(count),
                      .note = f.name},
                     run),
         {z, y, dy, dz});
}

void FastBackend::softmax_forward(Emitter& e, std::int64_t rows, std::int64_t classes, bool log, Slot x, Slot y) const {
  const Cut cut = cut_pass(rows, classes, 8192);
  auto run = [cut, classes, log, &table = passes_](void* const* o, int block, void*) {
    const std::int64_t first = cut(block);
    table.softmax(at(o[0], first * classes), at(o[1], first * classes), cut(block + 1) - first, classes, log);
  };
  e.call(make_kernel({.name = log ? "log_softmax_forward" : "softmax_forward",
                      .blocks = cut.count,
                      .bytes = 8 * doubled(rows * classes),
                      .note = word()},
                     run),
         {x, y});
}

void FastBackend::softmax_backward(Emitter& e, std::int64_t rows, std::int64_t classes, bool log, Slot y, Slot dy,
                                   Slot dx) const {
  const Cut cut = cut_pass(rows, classes, 8192);
  auto run = [cut, classes, log, &table = passes_](void* const* o, int block, void*) {
    const std::int64_t first = cut(block), start = first * classes;
    table.softmax_backward(at(o[0], start), at(o[1], start), at(o[2], start), cut(block + 1) - first, classes, log);
  };
  e.call(make_kernel({.name = log ? "log_softmax_backward" : "softmax_backward",
                      .blocks = cut.count,
                      .bytes = 12 * doubled(rows * classes),
                      .note = word()},
                     run),
         {y, dy, dx});
}

void FastBackend::dropout_forward(Emitter& e, const DropoutSpec& s, Slot rate, Slot x, Slot y) const {
  e.call(dropout_kernel("dropout_forward", passes_, word(), s, {}), {Slot{Buffer::step, 0}, rate, x, y, Slot{}, Slot{}});
}

void FastBackend::dropout_backward(Emitter& e, const DropoutSpec& s, Slot rate, Slot dy, Slot dx,
                                   const Epilogue& epilogue) const {
  e.call(dropout_kernel("dropout_backward", passes_, word(), s, epilogue),
         {Slot{Buffer::step, 0}, rate, dy, dx, epilogue.z, epilogue.y});
}

void FastBackend::add(Emitter& e, std::int64_t count, const std::vector<Slot>& inputs, Slot y, const Epilogue& epilogue) const {
  const Cut cut = cut_pass(count, 1);
  const std::size_t n = inputs.size();
  auto run = [cut, n, &table = passes_, f = epilogue.functions, backward = epilogue.backward](void* const* o, int block, void*) {
    constexpr std::int64_t piece = 2048;  // stays in the first-level cache while the inputs are added one by one
    alignas(64) float sums[piece];        // y may be one of the later inputs
    const std::int64_t last = cut(block + 1);
    for (std::int64_t i = cut(block); i < last; i += piece) {
      const std::int64_t count = std::min(piece, last - i);
      float* y = at(o[2], i);
      if (n == 1) std::memmove(y, at(o[3], i), 4 * static_cast<std::size_t>(count));
      for (std::size_t k = 1; k < n; ++k) table.add(k == 1 ? at(o[3], i) : sums, at(o[3 + k], i), k + 1 == n ? y : sums, count);
      finish_span(f, backward, at(o[0]), at(o[1]), at(o[2]), i, count);
    }
  };
  std::vector<Slot> operands{epilogue.z, epilogue.y, y};
  operands.insert(operands.end(), inputs.begin(), inputs.end());
  e.call(make_kernel({.name = "add",
                      .blocks = cut.count,
                      .bytes = 4 * doubled(count) * doubled(static_cast<std::int64_t>(n) + 1),
                      .note = word()},
                     run),
         std::move(operands));
}

void FastBackend::concat(Emitter& e, std::int64_t rows, const std::vector<std::int64_t>& widths, const std::vector<Slot>& inputs,
                         Slot y) const {
  std::vector<Slot> operands{y};
  operands.insert(operands.end(), inputs.begin(), inputs.end());
  e.call(column_kernel("concat", rows, widths, true), std::move(operands));
}

void FastBackend::split(Emitter& e, std::int64_t rows, const std::vector<std::int64_t>& widths, Slot y,
                        const std::vector<Slot>& outputs) const {
  std::vector<Slot> operands{y};
  operands.insert(operands.end(), outputs.begin(), outputs.end());
  e.call(column_kernel("split", rows, widths, false), std::move(operands));
}

}  // namespace tend
