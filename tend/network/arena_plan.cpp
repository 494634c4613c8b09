#include "tend/network/arena_plan.h"

#include <algorithm>
#include <numeric>

namespace tend {

std::int64_t ArenaPlan::add(std::int64_t bytes) {
  lives_.push_back({.bytes = (bytes + 63) / 64 * 64});
  return static_cast<std::int64_t>(lives_.size()) - 1;
}

void ArenaPlan::pin(Slot slot) {
  if (slot.buffer == Buffer::arena) lives_[static_cast<std::size_t>(slot.offset)].is_pinned = true;
}

void ArenaPlan::resolve(Slot& slot) const {
  if (slot.buffer != Buffer::arena) return;
  slot.offset = lives_[static_cast<std::size_t>(slot.offset)].offset + slot.within;
  slot.within = 0;
}

std::int64_t ArenaPlan::place(std::vector<Call>& calls) {
  const int end = static_cast<int>(calls.size());
  for (int c = 0; c < end; ++c)
    for (const Slot& slot : calls[static_cast<std::size_t>(c)].operands)
      if (slot.buffer == Buffer::arena) {
        Life& life = lives_[static_cast<std::size_t>(slot.offset)];
        if (life.first < 0) life.first = c;
        life.last = c;
      }
  for (Life& life : lives_)
    if (life.is_pinned) life.first = std::max(life.first, 0), life.last = end;

  std::vector<std::size_t> order(lives_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return lives_[a].bytes > lives_[b].bytes; });
  std::vector<const Life*> placed;  // by offset
  std::int64_t size = 0;
  for (std::size_t i : order) {
    Life& life = lives_[i];
    if (life.first < 0) continue;
    std::int64_t offset = 0;
    for (const Life* other : placed) {
      if (other->last < life.first || life.last < other->first) continue;
      if (offset + life.bytes <= other->offset) break;
      offset = std::max(offset, other->offset + other->bytes);
    }
    life.offset = offset;
    size = std::max(size, offset + life.bytes);
    placed.insert(
        std::upper_bound(placed.begin(), placed.end(), &life, [](const Life* a, const Life* b) { return a->offset < b->offset; }),
        &life);
  }
  for (Call& call : calls)
    for (Slot& slot : call.operands) resolve(slot);
  return size;
}

}  // namespace tend
