#pragma once
#include <cstdint>
#include <vector>

#include "tend/network/program.h"

namespace tend {

/// Lets values share memory if they are not alive at the same time. A value lives from the first to the last call that names it.
class ArenaPlan {
 public:
  std::int64_t add(std::int64_t bytes);  ///< adds a value and returns its number
  void pin(Slot slot);                   ///< keeps a value to the end (arena slots; others are ignored)
  /// Decides all offsets, largest values first, each at the lowest offset that is free during its life. Replaces the numbers in
  /// the calls' slots by byte offsets. Returns the size of the arena.
  std::int64_t place(std::vector<Call>& calls);
  void resolve(Slot& slot) const;  ///< replaces the number by a byte offset

 private:
  struct Life {
    std::int64_t bytes = 0, offset = 0;
    int first = -1, last = -1;
    bool is_pinned = false;
  };
  std::vector<Life> lives_;
};

}  // namespace tend
