#pragma once
#include <memory>

#include "tend/base/registry.h"
#include "tend/update/schedule.h"

namespace tend {

/// A schedule behind one interface.
class ScheduleEntry {
 public:
  virtual ~ScheduleEntry() = default;
  virtual double factor(const Progress& progress) const = 0;
};

template <class S>
class ScheduleModel : public ScheduleEntry {
 public:
  explicit ScheduleModel(S entry) : entry_(std::move(entry)) {}
  double factor(const Progress& progress) const override { return entry_.factor(progress); }

 private:
  S entry_;
};

const Registry<ScheduleEntry>& builtin_schedules();

/// The learning rate of every step: update.schedule over the optimizer's rate, after a linear warm-up of `warmup_steps`.
class LearningRate {
 public:
  /// `schedule`: "cosine", or a table with name, its settings, and warmup_steps with any. Throws Error{usage}.
  LearningRate(const Value& schedule, double rate);
  /// step counts from 0; the schedule starts when the warm-up has ended.
  double at(std::int64_t step, std::int64_t steps_per_epoch, std::int64_t total_steps) const;

 private:
  std::shared_ptr<const ScheduleEntry> schedule_;
  double rate_;
  std::int64_t warmup_steps_ = 0;
};

}  // namespace tend
