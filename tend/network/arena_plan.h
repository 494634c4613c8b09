#pragma once
#include <cstdint>
#include <vector>

#include "tend/network/program.h"

namespace tend {

/// Lays values that are not alive at the same time over each other. A value lives from the first to the last call that names it.
class ArenaPlan {
 public:
  std::int64_t add(std::int64_t bytes);  ///< a new value; its number
  void pin(Slot slot);                   ///< lives to the end (arena slots; others are ignored)
  /// Decides all offsets, largest values first, each at the lowest place that is free during its life; rewrites the calls' slots
  /// from numbers to bytes. Returns the size of the arena.
  std::int64_t place(std::vector<Call>& calls);
  void resolve(Slot& slot) const;  ///< number to bytes

 private:
  struct Life {
    std::int64_t bytes = 0, offset = 0;
    int first = -1, last = -1;
    bool is_pinned = false;
  };
  std::vector<Life> lives_;
};

}  // namespace tend
