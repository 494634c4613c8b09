#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "tend/base/registry.h"
#include "tend/update/schedule.h"

namespace tend {

/// The common interface of schedules.
class ScheduleEntry {
 public:
  virtual ~ScheduleEntry() = default;
  virtual std::string_view name() const = 0;
  virtual double factor(const Progress& progress) const = 0;
  virtual bool warms_up() const = 0;      ///< starts below the full rate by itself
  virtual std::string fault() const = 0;  ///< says which settings are incompatible; "" if none are
  virtual Value to_value() const = 0;     ///< as experiment files write it
};

template <class S>
class ScheduleModel : public ScheduleEntry {
 public:
  explicit ScheduleModel(S entry, std::string name = std::string(entry_name<S>))
      : entry_(std::move(entry)), name_(std::move(name)) {}
  std::string_view name() const override { return name_; }
  double factor(const Progress& progress) const override { return entry_.factor(progress); }
  bool warms_up() const override {
    if constexpr (requires { S::warms_up; }) return S::warms_up;
    return false;
  }
  std::string fault() const override {
    if constexpr (requires { entry_.fault(); }) return entry_.fault();
    return "";
  }
  Value to_value() const override { return write_named_entry(name_, entry_); }

 private:
  S entry_;
  std::string name_;
};

const Registry<ScheduleEntry>& builtin_schedules();

/// The keys that update.schedule may have besides the settings of a schedule that does not warm up by itself. LearningRate reads
/// them.
struct ScheduleKeys {
  std::int64_t warmup_steps = 0;
  static constexpr auto fields = std::tuple{field_of<ScheduleKeys>(
      "warmup_steps", &ScheduleKeys::warmup_steps, at_least(0), "steps",
      "The number of steps in which the learning rate rises to its full value, before the schedule begins.")};
};

/// The learning rate of every step: update.schedule times the optimizer's rate, after a linear warm-up of `warmup_steps`.
class LearningRate {
 public:
  /// `schedule`: "cosine", or a table with name (absent: "constant"), its settings, and warmup_steps unless it warms up by
  /// itself. Throws Error{usage}.
  LearningRate(const Value& schedule, double rate, const Registry<ScheduleEntry>& schedules = builtin_schedules());
  /// step counts from 0; the schedule starts when the warm-up has ended.
  double at(std::int64_t step, std::int64_t steps_per_epoch, std::int64_t total_steps) const;
  std::int64_t warmup_steps() const { return warmup_steps_; }

 private:
  std::shared_ptr<const ScheduleEntry> schedule_;
  double rate_;
  std::int64_t warmup_steps_ = 0;
};

}  // namespace tend
