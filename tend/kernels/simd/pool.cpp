#include "tend/kernels/simd/blocks.h"
#include "tend/kernels/simd/fast_backend.h"
#include "tend/kernels/simd/isa_table.h"
#include "tend/kernels/simd/pools.h"

namespace tend {

TEND_ISA_TABLE(PoolTable, pools, pool_table)

namespace {

struct PoolSizes {
  std::int64_t x, y;  ///< elements of an image before and after
  explicit PoolSizes(const PoolSpec& s) : x(s.height * s.width * s.channels), y(s.out_height * s.out_width * s.channels) {}
};

std::string note_of(const PoolSpec& s, const char* isa) {
  return std::to_string(s.window_height) + "x" + std::to_string(s.window_width) + " " + isa;
}

Cut cut_pool(const PoolSpec& s) { return cut_pass(s.rows, s.height * s.width * s.channels, 16384); }

}  // namespace

void FastBackend::max_pool_forward(Emitter& e, const PoolSpec& s, Slot x, Slot y, Slot where) const {
  const PoolSizes size(s);
  const Cut cut = cut_pool(s);
  auto run = [=, &table = pools_](void* const* o, int block, void*) {
    const std::int64_t first = cut(block);
    table.max(s, cut(block + 1) - first, at(o[0], first * size.x), at(o[1], first * size.y),
              at<std::uint8_t>(o[2], first * size.y));
  };
  const auto bytes = static_cast<double>(s.rows * (4 * size.x + (where ? 5 : 4) * size.y));
  e.call(make_kernel({.name = "max_pool_forward", .blocks = cut.count, .bytes = bytes, .note = note_of(s, word())}, run),
         {x, y, where});
}

void FastBackend::max_pool_backward(Emitter& e, const PoolSpec& s, Slot dy, Slot where, Slot dx, const Epilogue& epilogue) const {
  const PoolSizes size(s);
  const Cut cut = cut_pool(s);
  auto run = [=, &table = pools_, f = epilogue.functions, backward = epilogue.backward](void* const* o, int block, void*) {
    const std::int64_t first = cut(block), images = cut(block + 1) - first;
    table.max_backward(s, images, at(o[0], first * size.y), at<std::uint8_t>(o[1], first * size.y), at(o[2], first * size.x));
    finish_span(f, backward, at(o[3]), at(o[4]), at(o[2]), first * size.x, images * size.x);
  };
  const auto bytes = static_cast<double>(s.rows * (4 * size.x + 5 * size.y));
  e.call(make_kernel({.name = "max_pool_backward", .blocks = cut.count, .bytes = bytes, .note = note_of(s, word())}, run),
         {dy, where, dx, epilogue.z, epilogue.y});
}

void FastBackend::average_pool_forward(Emitter& e, const PoolSpec& s, Slot x, Slot y) const {
  const PoolSizes size(s);
  const Cut cut = cut_pool(s);
  auto run = [=, &table = pools_](void* const* o, int block, void*) {
    const std::int64_t first = cut(block);
    table.average(s, cut(block + 1) - first, at(o[0], first * size.x), at(o[1], first * size.y));
  };
  const auto bytes = static_cast<double>(4 * s.rows * (size.x + size.y));
  e.call(make_kernel({.name = "average_pool_forward", .blocks = cut.count, .bytes = bytes, .note = note_of(s, word())}, run),
         {x, y});
}

void FastBackend::average_pool_backward(Emitter& e, const PoolSpec& s, Slot dy, Slot dx, const Epilogue& epilogue) const {
  const PoolSizes size(s);
  const Cut cut = cut_pool(s);
  auto run = [=, &table = pools_, f = epilogue.functions, backward = epilogue.backward](void* const* o, int block, void*) {
    const std::int64_t first = cut(block), images = cut(block + 1) - first;
    table.average_backward(s, images, at(o[0], first * size.y), at(o[1], first * size.x));
    finish_span(f, backward, at(o[2]), at(o[3]), at(o[1]), first * size.x, images * size.x);
  };
  const auto bytes = static_cast<double>(4 * s.rows * (size.x + size.y));
  e.call(make_kernel({.name = "average_pool_backward", .blocks = cut.count, .bytes = bytes, .note = note_of(s, word())}, run),
         {dy, dx, epilogue.z, epilogue.y});
}

}  // namespace tend
