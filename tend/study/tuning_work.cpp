#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <exception>
#include <new>
#include <thread>
#include <utility>

#include "tend/base/clock.h"
#include "tend/base/text.h"
#include "tend/record/run_directory.h"
#include "tend/study/tuning.h"
#include "tend/tensor/big_memory.h"
#include "tend/train/run.h"

namespace tend {

namespace {

constexpr auto glance = std::chrono::milliseconds(50), longest_glance = std::chrono::milliseconds(400);
constexpr double mebibyte = 1 << 20, idle_before_told = 1.5;  // seconds

}  // namespace

/// The threads that train, and what they share.
struct Tuning::Workers {
  std::mutex mutex;
  std::condition_variable changed;
  std::stop_source stop;
  std::exception_ptr trouble;
  std::string end;
  std::atomic<int> active{0}, making{0};
  bool has_told_of_others = false;
  int threads_each = 1;
  bool watches = false;  // a stopper wants findings

  void fail(std::exception_ptr error) {
    const std::lock_guard lock(mutex);
    if (!trouble) trouble = std::move(error);
    stop.request_stop();
  }
};

/// Whether an assignment that takes at least so many seconds ends before the time of the study. If not, says what it would take.
bool Tuning::can_end(Workers& workers, double least_seconds, double seconds) {
  if (options_.seconds <= 0) return true;
  const std::lock_guard lock(workers.mutex);
  const double left = options_.seconds - seconds_of_comparison() - (seconds_now() - began_);
  if (least_seconds <= left) return true;
  if (workers.end.empty() && left <= 0) workers.end = time_is_over();
  else if (workers.end.empty())
    workers.end = "the next trial would take about " + short_number(seconds) + " s, and " + short_number(left) + " s of the " +
                  short_number(options_.seconds) + " s are left for it";
  return false;
}

/// Makes an assignment and keeps its result. Returns false if it cannot end in time: it is given back.
bool Tuning::make(Workers& workers, StoredWork& job) {
  const PlannedWork& work = job.work;
  const auto from = static_cast<std::int64_t>(work.from_epoch), to = static_cast<std::int64_t>(work.to_epoch);
  TrialResult result;
  std::string trouble;
  try {
    const std::int64_t epochs = stages_[work.stage].epochs;
    const auto plan = plans_.plan(job.parameters, epochs);
    const TrialCost cost = cost_of(*plan, workers.threads_each);
    const auto count = static_cast<double>(to - from);
    const double seconds = clock_.seconds(cost, count);
    seconds_of_trial_ = clock_.seconds(cost, static_cast<double>(epochs));
    if (!can_end(workers, clock_.least_seconds(cost, count), seconds)) {
      desk_->give_back(job);
      return false;
    }
    desk_->keep_prediction(job, {.seconds = seconds, .flops = cost.flops * count, .memory_bytes = cost.memory_bytes});
    const auto state = from > 0 ? states_.take(work.trial, from, plan) : states_.take(work.trial, 0, plan);
    const std::size_t begun = state ? state->history.size() : 0;
    result = make_epochs(plan, state, from, to, workers.threads_each, workers.stop.get_token(), workers.watches);
    if (!result.was_interrupted && result.report.trouble.empty())
      clock_.learn(cost,
                   static_cast<double>(from) + static_cast<double>(result.report.values.size()) - static_cast<double>(begun),
                   result.seconds);
  } catch (const Error& e) {
    if (e.trouble != Trouble::usage) throw;
    result.report.trouble = "invalid";
    trouble = e.what();
  } catch (const std::bad_alloc&) {
    result.report.trouble = "out-of-memory";
  }
  if (result.was_interrupted) states_.keep(work.trial, *result.state, result.seconds, true);
  else keep_result(workers, job, result, trouble);
  return true;
}

void Tuning::keep_result(Workers& workers, StoredWork& job, const TrialResult& result, const std::string& trouble) {
  const PlannedWork& work = job.work;
  if (result.state) states_.keep(work.trial, *result.state, result.seconds, false);
  else states_.forget(work.trial);
  desk_->finish(job, result.report, result.seconds);
  job.report = result.report;
  job.seconds = result.seconds;
  TuningEvent event{.kind = TuningEvent::Kind::trial, .work = &job, .value = std::nan("")};
  for (const double v : result.report.values)
    if (std::isfinite(v) && !(maximizes_ ? v <= event.value : v >= event.value)) event.value = v;
  if (!trouble.empty()) tell({.text = "Trial " + std::to_string(work.trial) + " cannot be trained: " + trouble});
  const std::lock_guard lock(workers.mutex);
  epoch_seconds_ += result.seconds;
  epochs_made_ += result.report.values.size();
  if (const double cost = maximizes_ ? -event.value : event.value; cost < best_cost_) {  // false for NaN
    event.is_best = true;
    best_cost_ = cost;
  }
  tell(event);
  const std::vector<std::string> notes = desk_->with_course([](const StudyCourse& c) { return c.notes(); });
  for (; notes_told_ < notes.size(); ++notes_told_) tell({.text = notes[notes_told_]});
}

/// Says once that this process has nothing to do, since others have all trials.
void Tuning::tell_of_others(Workers& workers) {
  const std::size_t others = desk_->of_others();
  if (others == 0 || std::exchange(workers.has_told_of_others, true)) return;
  tell({.text = "Waiting for " + counted(static_cast<std::int64_t>(others), "trial") +
                " of other processes. What a process has that gives no sign of life for " +
                short_number(StudyDesk::lease_seconds) + " s is made here."});
}

void Tuning::work(Workers& workers) {
  try {
    auto pause = glance;
    double idle_since = 0;
    while (!workers.stop.stop_requested()) {
      StoredWork job;
      const StudyDesk::Answer answer = desk_->claim(job);
      if (answer == StudyDesk::Answer::end) break;
      if (answer == StudyDesk::Answer::wait) {
        std::unique_lock lock(workers.mutex);
        // Results of this process wake it at once; those of others are looked for less often the longer it waits.
        const bool is_woken = workers.changed.wait_for(lock, pause) == std::cv_status::no_timeout;
        pause = is_woken ? glance : std::min(2 * pause, longest_glance);
        if (idle_since == 0 || workers.making > 0) idle_since = seconds_now();
        else if (seconds_now() - idle_since > idle_before_told) tell_of_others(workers);
        continue;
      }
      pause = glance;
      idle_since = 0;
      ++workers.making;
      const bool is_made = make(workers, job);
      --workers.making;
      if (!is_made) break;
      workers.changed.notify_all();
    }
  } catch (...) {
    workers.fail(std::current_exception());
  }
  --workers.active;
  workers.changed.notify_all();
}

/// Ends the search where its time is over or a stop is requested; shows other processes that this one is alive.
void Tuning::watch_the_clock(Workers& workers) {
  double beaten = seconds_now();
  while (workers.active > 0) {
    {
      std::unique_lock lock(workers.mutex);
      workers.changed.wait_for(lock, glance);
    }
    const double now = seconds_now();
    double reserve = 0;
    {
      const std::lock_guard lock(workers.mutex);
      reserve = seconds_of_comparison();
    }
    if (now - beaten > StudyDesk::beat_seconds) {
      desk_->beat();
      beaten = now;
    }
    if (workers.stop.stop_requested()) continue;
    if (options_.stop.stop_requested()) {
      workers.end = "the study was asked to stop";
      workers.stop.request_stop();
    } else if (options_.seconds > 0 && now - began_ >= options_.seconds - reserve) {
      workers.end = time_is_over();
      workers.stop.request_stop();
    }
  }
}

/// Says what a trial will take; trains fewer at once where the memory is too small for all.
void Tuning::predict_trials(Workers& workers, int& count) {
  const std::int64_t epochs = stages_.back().epochs;
  const auto plan = plans_.plan(Value::table(), epochs);
  TrialCost cost = cost_of(*plan, std::max(1, threads_ / count));
  if (const int room = side_by_side(cost.memory_bytes, count); room < count) {
    count = room;
    tell({.text = counted(count, "trial") + " at a time: the memory has no room for more."});
  }
  workers.threads_each = std::max(1, threads_ / count);
  clock_.try_steps(plan, workers.threads_each);
  cost = cost_of(*plan, workers.threads_each);
  seconds_of_trial_ = clock_.seconds(cost, static_cast<double>(epochs));
  tell({.text = "A whole trial, " + counted(epochs, "epoch") + ", will take about " + short_number(seconds_of_trial_) + " s on " +
                counted(workers.threads_each, "thread") + ", " + short_number(static_cast<double>(cost.memory_bytes) / mebibyte) +
                " MiB of memory and " + short_number(cost.flops * static_cast<double>(epochs) / 1e9) + " GFLOP."});
}

std::string Tuning::search() {
  Workers workers;
  int count = std::max(1, std::min(static_cast<int>(slots_), threads_));
  predict_trials(workers, count);
  workers.active = count;
  cost_of_final_pack_ = cost_of_pack(settings_.final_pack);
  desk_->works();  // reads what a continued study has
  desk_->with_course([&](const StudyCourse& course) {
    notes_told_ = course.notes().size();
    const Study& study = course.searches().back().study();
    for (const SearchTrial& trial : study.trials)
      if (const double cost = study.least_cost(trial, trial.steps()); cost < best_cost_) best_cost_ = cost;
    workers.watches = course.searches().back().wants_findings();
  });
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < count; ++i) threads.emplace_back([&] { work(workers); });
    try {
      watch_the_clock(workers);
    } catch (...) {
      workers.fail(std::current_exception());
    }
  }
  // A server that is gone takes nothing more; what is not saved is trained again.
  if (workers.trouble && settings_.store != "sqlite") std::rethrow_exception(workers.trouble);
  states_.save_all(1);
  desk_->release();
  if (workers.trouble) std::rethrow_exception(workers.trouble);
  if (!workers.end.empty()) return workers.end;
  return desk_->with_course([](const StudyCourse& course) { return course.end(); });
}

}  // namespace tend
