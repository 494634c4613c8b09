#include <cmath>

#include "tend/exam/exam.h"
#include "tend/exam/text_exam.h"

namespace tend {

namespace {

constexpr std::int64_t steps_per_epoch = 10, total_steps = 400;

void limits(Examiner& exam, const LearningRate& rate, bool warms_up) {
  exam.begin_test("limits");
  const double first = rate.at(0, steps_per_epoch, total_steps);
  exam.expect((first == 1) != warms_up, "the first factor is not 1, or it is in a schedule that warms up by itself");
  double largest = 0;
  for (std::int64_t step = 0; step < 2 * total_steps; ++step) {
    const double factor = rate.at(step, steps_per_epoch, total_steps);
    if (!exam.expect(factor >= 0 && factor <= 1, ("a factor outside 0 .. 1 at step " + std::to_string(step)).c_str())) return;
    if (step < total_steps) largest = std::max(largest, factor);
  }
  exam.near(largest, 1, 1e-3, "the largest factor of a run");
}

void warmup(Examiner& exam, const LearningRate& rate, const LearningRate& rising) {
  const double start = rate.at(0, steps_per_epoch, total_steps);
  for (std::int64_t step = 0; step < 20; ++step)
    exam.near(rising.at(step, steps_per_epoch, total_steps), start * static_cast<double>(step + 1) / 20, 1e-15,
              "the factor of a warm-up of 20 steps", step);
  exam.near(rising.at(20, steps_per_epoch, total_steps), start, 1e-15, "the first factor after a warm-up of 20 steps");
}

}  // namespace

ShelfResult examine_schedules(const Registry<ScheduleEntry>& schedules) {
  Examiner exam("schedules");
  for (const auto& entry : schedules.entries()) {
    exam.begin_entry(entry.name);
    exam.begin_case("");
    examine_text(exam, schedules, entry, true);
    exam.guarded([&] {
      Value with_warmup = Value::table();
      with_warmup["name"] = entry.name;
      with_warmup["warmup_steps"] = std::int64_t{20};
      const bool warms_up = schedules.make_named(Value(entry.name), "here")->warms_up();
      const LearningRate rate(Value(entry.name), 1, schedules);
      limits(exam, rate, warms_up);
      exam.begin_test("warm-up");
      if (!warms_up) {
        warmup(exam, rate, LearningRate(with_warmup, 1, schedules));
      } else {
        try {
          const LearningRate taken(with_warmup, 1, schedules);
          exam.fault("takes warmup_steps although it warms up by itself");
        } catch (const Error&) {  // expected
        }
      }
      exam.begin_test("no steps");
      exam.expect(std::isfinite(rate.at(0, 0, 0)), "a run of no steps gives a rate that is not finite");
    });
  }
  return exam.result();
}

}  // namespace tend
