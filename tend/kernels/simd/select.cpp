#include <cstring>
#include <limits>

#include "tend/kernels/simd/blocks.h"
#include "tend/kernels/simd/fast_backend.h"
#include "tend/kernels/simd/passes.h"

namespace tend {

namespace {

/// The slopes of a row, one a channel: the given ones, or the shared one repeated.
const float* slopes_of(const PReluSpec& s, const float* given, void* scratch) {
  if (!s.is_shared) return given;
  auto* all = static_cast<float*>(scratch);
  std::fill(all, all + s.channels, given[0]);
  return all;
}

}  // namespace

void FastBackend::prelu_forward(Emitter& e, const PReluSpec& s, Slot x, Slot slopes, Slot y) const {
  const Cut rows = cut_pass(s.rows, s.channels, 16384);
  auto run = [=, &table = passes_](void* const* o, int block, void* scratch) {
    const std::int64_t first = rows(block), start = first * s.channels;
    table.prelu(at(o[0], start), slopes_of(s, at(o[1]), scratch), at(o[2], start), rows(block + 1) - first, s.channels);
  };
  e.call(make_kernel({.name = "prelu_forward",
                      .blocks = rows.count,
                      .bytes = 8 * doubled(s.rows * s.channels),
                      .scratch_bytes = 4 * s.channels,
                      .note = word()},
                     run),
         {x, slopes, y});
}

void FastBackend::prelu_backward(Emitter& e, const PReluSpec& s, Slot x, Slot slopes, Slot dy, Slot dx, Slot dslopes,
                                 bool accumulate) const {
  const Cut rows = cut_pass(s.rows, s.channels, 16384);
  const Slot parts = e.temporary(8 * s.channels * rows.count);
  auto run = [=, &table = passes_](void* const* o, int block, void* scratch) {
    const std::int64_t first = rows(block), start = first * s.channels;
    table.prelu_backward(at(o[0], start), slopes_of(s, at(o[1]), scratch), at(o[2], start), at(o[3], start),
                         rows(block + 1) - first, s.channels, at<double>(o[4], s.channels * block));
  };
  auto combine = [=](void* const* o, int, void*) {
    double all = 0;
    for (std::int64_t c = 0; c < s.channels; ++c) {
      double sum = 0;
      for (int b = 0; b < rows.count; ++b) sum += at<double>(o[0])[s.channels * b + c];
      all += sum;
      if (!s.is_shared) at(o[1])[c] = (accumulate ? at(o[1])[c] : 0.0f) + static_cast<float>(sum);
    }
    if (s.is_shared) *at(o[1]) = (accumulate ? *at(o[1]) : 0.0f) + static_cast<float>(all);
  };
  e.call(make_kernel({.name = "prelu_backward",
                      .blocks = rows.count,
                      .bytes = 12 * doubled(s.rows * s.channels),
                      .scratch_bytes = 4 * s.channels,
                      .note = word()},
                     run),
         {x, slopes, dy, dx, parts});
  e.call(make_kernel({.name = "prelu_slopes"}, combine), {parts, dslopes});
}

void FastBackend::piece_max_forward(Emitter& e, std::int64_t count, std::int64_t pieces, Slot z, Slot y, Slot where) const {
  const Cut cut = cut_pass(count, pieces, 16384);
  auto run = [=, &table = passes_](void* const* o, int block, void*) {
    const std::int64_t first = cut(block);
    table.piece_max(at(o[0], first * pieces), at(o[1], first), at<std::uint8_t>(o[2], first), cut(block + 1) - first, pieces);
  };
  e.call(make_kernel(
             {.name = "piece_max_forward", .blocks = cut.count, .bytes = doubled(count * (4 * pieces + 5)), .note = word()}, run),
         {z, y, where});
}

void FastBackend::piece_max_backward(Emitter& e, std::int64_t count, std::int64_t pieces, Slot dy, Slot where, Slot dz) const {
  const Cut cut = cut_pass(count, pieces, 16384);
  auto run = [=, &table = passes_](void* const* o, int block, void*) {
    const std::int64_t first = cut(block);
    table.piece_max_backward(at(o[0], first), at<std::uint8_t>(o[1], first), at(o[2], first * pieces), cut(block + 1) - first,
                             pieces);
  };
  e.call(
      make_kernel({.name = "piece_max_backward", .blocks = cut.count, .bytes = doubled(count * (4 * pieces + 5)), .note = word()},
                  run),
      {dy, where, dz});
}

void FastBackend::embedding_forward(Emitter& e, const EmbeddingSpec& s, Slot codes, Slot w, Slot y) const {
  const Cut cut = cut_pass(s.positions, s.units, 16384);
  auto run = [=](void* const* o, int block, void*) {
    for (std::int64_t i = cut(block); i < cut(block + 1); ++i) {
      const std::int64_t code = s.row_of(static_cast<double>(at(o[0])[i]));
      float* to = at(o[2], i * s.units);
      if (code < 0) std::fill(to, to + s.units, std::numeric_limits<float>::quiet_NaN());
      else std::memcpy(to, at(o[1], code * s.units), 4 * static_cast<std::size_t>(s.units));
    }
  };
  e.call(make_kernel({.name = "embedding_forward", .blocks = cut.count, .bytes = 8 * doubled(s.positions * s.units)}, run),
         {codes, w, y});
}

/// Each block owns some rows of the table and reads all codes in order.
void FastBackend::embedding_backward(Emitter& e, const EmbeddingSpec& s, Slot codes, Slot dy, Slot dcodes, Slot dw,
                                     bool accumulate) const {
  const std::int64_t work = (s.positions + s.vocabulary) * s.units / 16384;
  const Cut cut{s.vocabulary, static_cast<int>(std::clamp<std::int64_t>(work, 1, std::min<std::int64_t>(s.vocabulary, 8)))};
  auto run = [=, &table = passes_](void* const* o, int block, void*) {
    const std::int64_t first = cut(block), end = cut(block + 1);
    if (!accumulate) std::fill(at(o[3], first * s.units), at(o[3], end * s.units), 0.0f);
    for (std::int64_t i = 0; i < s.positions; ++i) {
      const std::int64_t code = s.row_of(static_cast<double>(at(o[0])[i]));
      if (code >= first && code < end) table.add_scaled(1.0f, at(o[1], i * s.units), at(o[3], code * s.units), s.units);
    }
    if (o[2] && block == 0) std::fill(at(o[2]), at(o[2], s.positions), 0.0f);
  };
  e.call(make_kernel({.name = "embedding_backward",
                      .blocks = cut.count,
                      .bytes = 4 * doubled((3 * s.positions + s.vocabulary) * s.units),
                      .note = word()},
                     run),
         {codes, dy, dcodes, dw});
}

}  // namespace tend
