#pragma once
#include "tend/check/setup.h"
#include "tend/tensor/big_memory.h"

namespace tend {

/// Memory and time of the run, predicted from its Programs before it starts, against what the machine has. warn where the run's
/// memory is above nine tenths of what is free: it would swap or be killed. The time is reported, not judged.
struct Resources {
  double share = 0.9;
  static constexpr auto fields = std::tuple{
      field_of<Resources>("share", &Resources::share, fraction(), "", "of the free memory that a run may take")};
  static constexpr Effort effort = Effort::still;
  static constexpr int place = 38;
  static constexpr bool sees_all_members = true;

  std::vector<CheckResult> run(const Setup& setup) const { return judge(setup, free_memory_bytes()); }
  std::vector<CheckResult> judge(const Setup& setup, std::int64_t free_bytes) const;
  static std::int64_t needed_bytes(
      const Run& run);  ///< state, its copies, gradients, arena, batches and evaluation; not the data, which lie there
};

}  // namespace tend
