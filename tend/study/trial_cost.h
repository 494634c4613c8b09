#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "tend/train/plan.h"

namespace tend {

/// What an epoch of a trial takes, from its Programs.
struct TrialCost {
  double flops = 0;               ///< of its steps, and of the rows that are measured after it
  double nominal = 0;             ///< its seconds on a machine of a usual speed
  std::int64_t memory_bytes = 0;  ///< of the training, besides the data
};
/// Compiles the Programs of the plan if nobody has.
TrialCost cost_of(const Plan& plan, int threads);

/// How long trials take on this machine: their nominal time, times what trials took before in relation to it. May be used from
/// many threads.
class TrialClock {
 public:
  /// Makes some steps of a plan, to know the machine before the first trial ends. Takes some milliseconds, or nothing where a
  /// step would take too long for that.
  void try_steps(const std::shared_ptr<const Plan>& plan, int threads);
  /// So many epochs have taken so many seconds.
  void learn(const TrialCost& cost, double epochs, double seconds);
  /// The time that these epochs will probably take.
  double seconds(const TrialCost& cost, double epochs) const;
  /// A time that they hardly undercut.
  double least_seconds(const TrialCost& cost, double epochs) const;

 private:
  double quantile(double share) const;
  mutable std::mutex mutex_;
  std::vector<double> ratios_;  ///< of the latest trials: seconds by nominal seconds
  std::size_t oldest_ = 0;
  double tried_ = 1;  ///< before any trial, from the steps that were tried
};

}  // namespace tend
