#include "tend/update/schedule_registry.h"

#include <algorithm>

#include "tend/update/schedules.h"

namespace tend {

const Registry<ScheduleEntry>& builtin_schedules() {
  static const Registry<ScheduleEntry> all = [] {
    Registry<ScheduleEntry> registry;
    for_each_type(all_schedules{}, [&]<class S> { registry.add<ScheduleModel, S>(); });
    return registry;
  }();
  return all;
}

LearningRate::LearningRate(const Value& schedule, double rate, const Registry<ScheduleEntry>& schedules) : rate_(rate) {
  const std::string where = "update.schedule";
  Value entry = schedule;
  if (const Value* warmup = entry.find("warmup_steps")) {
    read_value(*warmup, warmup_steps_, at_least(0), "", where + ".warmup_steps");
    entry.erase("warmup_steps");
  }
  if (entry.is_null() || (entry.is_table() && !entry.find("name"))) entry["name"] = "constant";
  schedule_ = schedules.make_named(entry, where);
  if (const std::string fault = schedule_->fault(); !fault.empty())
    throw Error(Trouble::usage, where + "." + std::string(schedule_->name()), fault);
  if (warmup_steps_ > 0 && schedule_->warms_up())
    throw Error(Trouble::usage, where, "warmup_steps beside \"" + std::string(schedule_->name()) + "\", which warms up by itself",
                "one of the two", "take warmup_steps out");
}

double LearningRate::at(std::int64_t step, std::int64_t steps_per_epoch, std::int64_t total_steps) const {
  if (step < warmup_steps_) return rate_ * static_cast<double>(step + 1) / static_cast<double>(warmup_steps_);
  Progress progress;
  progress.step = step - warmup_steps_;
  progress.steps = std::max<std::int64_t>(total_steps - warmup_steps_, 0);
  progress.epoch = static_cast<double>(progress.step) / static_cast<double>(std::max<std::int64_t>(steps_per_epoch, 1));
  progress.done = std::min(1.0,
                           static_cast<double>(progress.step) / static_cast<double>(std::max<std::int64_t>(progress.steps, 1)));
  return rate_ * schedule_->factor(progress);
}

}  // namespace tend
