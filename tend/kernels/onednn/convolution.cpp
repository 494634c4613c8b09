#include "tend/kernels/onednn/convolution.h"

#include <algorithm>
#include <cstring>

#include "tend/kernels/function_kernel.h"
#include "tend/kernels/onednn/wall.h"

namespace tend::onednn {

namespace {

constexpr std::int64_t rows_of_block = 8;
constexpr std::int64_t most_partials = 8, most_partial_bytes = std::int64_t{32} << 20;
constexpr std::int64_t elements_of_sum_block = 16384;

double flops_of(const ConvolutionSpec& s) {
  return 2.0 * static_cast<double>(s.rows * s.out_height * s.out_width) * static_cast<double>(s.kernel_height * s.kernel_width * s.channels * s.filters);
}
std::int64_t row_inputs(const ConvolutionSpec& s) { return s.height * s.width * s.channels; }
std::int64_t row_outputs(const ConvolutionSpec& s) { return s.out_height * s.out_width * s.filters; }
std::int64_t weight_count(const ConvolutionSpec& s) { return s.kernel_height * s.kernel_width * s.channels * s.filters; }
double bytes_of(const ConvolutionSpec& s) {
  return 4.0 * static_cast<double>(s.rows * (row_inputs(s) + row_outputs(s)) + weight_count(s));
}

std::string note_of(const ConvolutionSpec& s, std::int64_t block) {
  return std::to_string(s.height) + "x" + std::to_string(s.width) + "x" + std::to_string(s.channels) + " -> " + std::to_string(s.out_height) + "x" +
         std::to_string(s.out_width) + "x" + std::to_string(s.filters) + ", " + std::to_string(block) + " images a block";
}

dnnl::memory at(const dnnl::memory::desc& desc, const void* p) { return {desc, cpu(), const_cast<void*>(p)}; }

/// The rows cut into blocks of one size, and a last one of what is left.
struct Blocks {
  Blocks(const ConvolutionSpec& s, std::int64_t size, bool has_bias, Direction direction)
      : rows(s.rows), size(std::min(size, s.rows)), whole(make_convolution(s, this->size, has_bias, direction)) {
    rest = rows % this->size ? make_convolution(s, rows % this->size, has_bias, direction) : whole;
  }
  int count() const { return static_cast<int>((rows + size - 1) / size); }
  std::int64_t rows_of(int block) const { return std::min(size, rows - block * size); }
  const Convolution& of(int block) const { return rows_of(block) == size ? whole : rest; }
  std::int64_t scratch_bytes() const { return static_cast<std::int64_t>(std::max(whole.scratchpad.get_size(), rest.scratchpad.get_size())); }

  std::int64_t rows, size;
  Convolution whole, rest;
};

/// Weights in the order that `wanted` says: a call that copies them over, unless they lie so already.
Slot reordered(Emitter& emitter, const ConvolutionSpec& s, Slot w, const dnnl::memory::desc& wanted) {
  const dnnl::memory::desc plain = plain_weights(s);
  if (wanted == plain) return w;
  const Slot packed = emitter.temporary(static_cast<std::int64_t>(wanted.get_size()));
  dnnl::reorder reorder;
  guarded("reorder", [&] { reorder = dnnl::reorder(dnnl::reorder::primitive_desc(cpu(), plain, cpu(), wanted)); });
  emitter.call(make_kernel({.name = "reorder_weights", .bytes = 8.0 * static_cast<double>(weight_count(s))},
                           [reorder, plain, wanted](void* const* o, int, void*) {
                             const OneThread limit;
                             reorder.execute(stream(), {{DNNL_ARG_FROM, at(plain, o[0])}, {DNNL_ARG_TO, at(wanted, o[1])}});
                           }),
               {w, packed});
  return packed;
}

/// All blocks must agree on the order of the weights; a last block that chose another is made to follow by being asked as the others.
bool agree(const Blocks& blocks) { return blocks.whole.weights == blocks.rest.weights; }

}  // namespace

void convolution_forward(Emitter& emitter, const ConvolutionSpec& s, Slot x, Slot w, Slot b, Slot y, const Epilogue& epilogue, Isa) {
  const Blocks blocks(s, rows_of_block, static_cast<bool>(b), Direction::forward);
  const Slot packed = reordered(emitter, s, w, blocks.whole.weights);
  const Slot packed_for_rest = agree(blocks) ? packed : reordered(emitter, s, w, blocks.rest.weights);
  const std::int64_t in = row_inputs(s), out = row_outputs(s);
  emitter.call(make_kernel({.name = "convolution_forward", .blocks = blocks.count(), .flops = flops_of(s), .bytes = bytes_of(s),
                            .scratch_bytes = blocks.scratch_bytes(), .note = note_of(s, blocks.size)},
                           [blocks, f = epilogue.functions, in, out](void* const* o, int block, void* scratch) {
                             const Convolution& c = blocks.of(block);
                             const std::int64_t first = block * blocks.size;
                             float* z = static_cast<float*>(o[4]) + first * out;
                             {
                               const OneThread limit;
                               std::unordered_map<int, dnnl::memory> arguments{
                                   {DNNL_ARG_SRC, at(c.images, static_cast<const float*>(o[0]) + first * in)},
                                   {DNNL_ARG_WEIGHTS, at(c.weights, blocks.rows_of(block) == blocks.size ? o[1] : o[2])},
                                   {DNNL_ARG_DST, at(c.outputs, z)},
                                   {DNNL_ARG_SCRATCHPAD, at(c.scratchpad, scratch)}};
                               if (o[3]) arguments.emplace(DNNL_ARG_BIAS, at(c.bias, o[3]));
                               c.primitive.execute(stream(), arguments);
                             }
                             if (f.forward) f.forward(f.self, z, static_cast<float*>(o[5]) + first * out, blocks.rows_of(block) * out);
                           }),
               {x, packed, packed_for_rest, b, y, epilogue.y});
}

void convolution_backward_data(Emitter& emitter, const ConvolutionSpec& s, Slot dy, Slot w, Slot dx, const Epilogue& epilogue, Isa) {
  const Blocks blocks(s, rows_of_block, false, Direction::backward_data);
  const Slot packed = reordered(emitter, s, w, blocks.whole.weights);
  const Slot packed_for_rest = agree(blocks) ? packed : reordered(emitter, s, w, blocks.rest.weights);
  const std::int64_t in = row_inputs(s), out = row_outputs(s);
  emitter.call(make_kernel({.name = "convolution_backward_data", .blocks = blocks.count(), .flops = flops_of(s), .bytes = bytes_of(s),
                            .scratch_bytes = blocks.scratch_bytes(), .note = note_of(s, blocks.size)},
                           [blocks, f = epilogue.functions, in, out](void* const* o, int block, void* scratch) {
                             const Convolution& c = blocks.of(block);
                             const std::int64_t first = block * blocks.size;
                             float* dx = static_cast<float*>(o[3]) + first * in;
                             {
                               const OneThread limit;
                               c.primitive.execute(stream(), {{DNNL_ARG_DIFF_DST, at(c.outputs, static_cast<const float*>(o[0]) + first * out)},
                                                              {DNNL_ARG_WEIGHTS, at(c.weights, blocks.rows_of(block) == blocks.size ? o[1] : o[2])},
                                                              {DNNL_ARG_DIFF_SRC, at(c.images, dx)},
                                                              {DNNL_ARG_SCRATCHPAD, at(c.scratchpad, scratch)}});
                             }
                             if (!f.backward) return;
                             const float* z = o[4] ? static_cast<const float*>(o[4]) + first * in : nullptr;
                             f.backward(f.self, z, static_cast<const float*>(o[5]) + first * in, dx, dx, blocks.rows_of(block) * in);
                           }),
               {dy, packed, packed_for_rest, dx, epilogue.z, epilogue.y});
}

namespace {

/// total = the partials one after the other, in order; or target += (or =) it.
void emit_sum(Emitter& emitter, std::vector<Slot> partials, std::int64_t count, Slot target, bool accumulate) {
  const std::size_t n = partials.size();
  partials.push_back(target);
  const int blocks = static_cast<int>((count + elements_of_sum_block - 1) / elements_of_sum_block);
  emitter.call(make_kernel({.name = "sum_partials", .blocks = blocks, .flops = static_cast<double>(n) * static_cast<double>(count),
                            .bytes = 4.0 * static_cast<double>(n + 1) * static_cast<double>(count)},
                           [n, count, accumulate](void* const* o, int block, void*) {
                             const std::int64_t first = block * elements_of_sum_block, last = std::min(count, first + elements_of_sum_block);
                             float* total = static_cast<float*>(o[n]);
                             if (!accumulate) std::memcpy(total + first, static_cast<const float*>(o[0]) + first, static_cast<std::size_t>(last - first) * sizeof(float));
                             for (std::size_t k = accumulate ? 0 : 1; k < n; ++k) {
                               const float* partial = static_cast<const float*>(o[k]);
                               for (std::int64_t i = first; i < last; ++i) total[i] += partial[i];
                             }
                           }),
               std::move(partials));
}

/// The sum of partials in `order` into plain weights.
void emit_weights(Emitter& emitter, const ConvolutionSpec& s, const std::vector<Slot>& partials, const dnnl::memory::desc& order, Slot dw, bool accumulate) {
  const dnnl::memory::desc plain = plain_weights(s);
  if (order == plain) return emit_sum(emitter, partials, weight_count(s), dw, accumulate);
  const auto elements = static_cast<std::int64_t>(order.get_size() / sizeof(float));
  const Slot total = partials.size() > 1 ? emitter.temporary(elements * 4) : partials[0];
  if (partials.size() > 1) emit_sum(emitter, partials, elements, total, false);
  const Slot straight = accumulate ? emitter.temporary(weight_count(s) * 4) : dw;
  dnnl::reorder reorder;
  guarded("reorder", [&] { reorder = dnnl::reorder(dnnl::reorder::primitive_desc(cpu(), order, cpu(), plain)); });
  emitter.call(make_kernel({.name = "reorder_gradient", .bytes = 8.0 * static_cast<double>(weight_count(s))},
                           [reorder, plain, order](void* const* o, int, void*) {
                             const OneThread limit;
                             reorder.execute(stream(), {{DNNL_ARG_FROM, at(order, o[0])}, {DNNL_ARG_TO, at(plain, o[1])}});
                           }),
               {total, straight});
  if (accumulate) emit_sum(emitter, {straight}, weight_count(s), dw, true);
}

}  // namespace

void convolution_backward_weights(Emitter& emitter, const ConvolutionSpec& s, Slot x, Slot dy, Slot dw, Slot db, bool accumulate, Isa) {
  const std::int64_t room = std::clamp<std::int64_t>(most_partial_bytes / (4 * weight_count(s)), 2, most_partials);
  const std::int64_t size = std::max(rows_of_block, (s.rows + room - 1) / room);
  const Blocks blocks(s, size, static_cast<bool>(db), Direction::backward_weights);
  const std::int64_t in = row_inputs(s), out = row_outputs(s);
  const int n = blocks.count();
  std::vector<Slot> weights, biases, operands{x, dy};
  for (int i = 0; i < n; ++i) weights.push_back(emitter.temporary(static_cast<std::int64_t>(blocks.of(i).weights.get_size())));
  for (int i = 0; i < n; ++i) biases.push_back(db ? emitter.temporary(s.filters * 4) : Slot{});
  operands.insert(operands.end(), weights.begin(), weights.end());
  operands.insert(operands.end(), biases.begin(), biases.end());
  emitter.call(make_kernel({.name = "convolution_backward_weights", .blocks = n, .flops = flops_of(s), .bytes = bytes_of(s),
                            .scratch_bytes = blocks.scratch_bytes(), .note = note_of(s, blocks.size)},
                           [blocks, n, in, out](void* const* o, int block, void* scratch) {
                             const OneThread limit;
                             const Convolution& c = blocks.of(block);
                             const std::int64_t first = block * blocks.size;
                             std::unordered_map<int, dnnl::memory> arguments{{DNNL_ARG_SRC, at(c.images, static_cast<const float*>(o[0]) + first * in)},
                                                                             {DNNL_ARG_DIFF_DST, at(c.outputs, static_cast<const float*>(o[1]) + first * out)},
                                                                             {DNNL_ARG_DIFF_WEIGHTS, at(c.weights, o[2 + block])},
                                                                             {DNNL_ARG_SCRATCHPAD, at(c.scratchpad, scratch)}};
                             if (o[2 + n + block]) arguments.emplace(DNNL_ARG_DIFF_BIAS, at(c.bias, o[2 + n + block]));
                             c.primitive.execute(stream(), arguments);
                           }),
               std::move(operands));
  if (agree(blocks)) {
    emit_weights(emitter, s, weights, blocks.whole.weights, dw, accumulate);
  } else {
    // The last block chose another order: it is added on its own.
    emit_weights(emitter, s, {weights.begin(), weights.end() - 1}, blocks.whole.weights, dw, accumulate);
    emit_weights(emitter, s, {weights.back()}, blocks.rest.weights, dw, true);
  }
  if (db) emit_sum(emitter, biases, s.filters, db, accumulate);
}

}  // namespace tend::onednn
