#include "tend/study/trial_training.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "tend/base/clock.h"
#include "tend/diagnose/diagnose.h"
#include "tend/monitor/monitor.h"
#include "tend/record/checkpoints.h"
#include "tend/record/run_facts.h"
#include "tend/train/checkpoint.h"
#include "tend/train/run.h"

namespace tend {

namespace {

/// Above this, a state is written to the disk when its trial is suspended: making it again would take longer than writing.
constexpr double dear_seconds = 5;

std::int64_t bytes_of(const TrainingState& state) {
  std::int64_t bytes = 0;
  for (const auto& shot : {state.now, state.best, state.good})
    if (shot) bytes += shot->state.bytes();
  return bytes;
}

std::int64_t epochs_of(const TrainingState& state) { return static_cast<std::int64_t>(state.history.size()); }

}  // namespace

void TrialStates::save(Held& held) {
  std::filesystem::create_directories(folder_of(held.trial));
  save_checkpoint(folder_of(held.trial), held.state);
  held.seconds = 0;
}

std::optional<TrainingState> TrialStates::take(std::size_t trial, std::int64_t epochs, const std::shared_ptr<const Plan>& plan) {
  const std::lock_guard lock(mutex_);
  for (auto held = held_.begin(); held != held_.end(); ++held)
    if (held->trial == trial && epochs_of(held->state) <= epochs) {
      TrainingState state = std::move(held->state);
      bytes_ -= held->bytes;
      held_.erase(held);
      return state;
    }
  for (const SavedCheckpoint& saved : list_checkpoints(folder_of(trial))) try {
      const TrainingState state = state_of_checkpoint(read_checkpoint(saved.path), saved.path, plan);
      if (epochs_of(state) <= epochs) return state;
    } catch (const Error&) {  // damaged: an older one, or from the start
    }
  return std::nullopt;
}

void TrialStates::keep(std::size_t trial, const TrainingState& state, double seconds, bool is_safe) {
  const std::lock_guard lock(mutex_);
  held_.push_back({.trial = trial, .state = state, .bytes = bytes_of(state), .seconds = seconds});
  bytes_ += held_.back().bytes;
  if (is_safe || seconds > dear_seconds) save(held_.back());
  while (bytes_ > most_bytes_ && held_.size() > 1) {
    if (held_.front().seconds > 0) save(held_.front());
    bytes_ -= held_.front().bytes;
    held_.pop_front();
  }
}

void TrialStates::forget(std::size_t trial) {
  const std::lock_guard lock(mutex_);
  for (auto held = held_.begin(); held != held_.end();) {
    if (held->trial == trial) bytes_ -= held->bytes, held = held_.erase(held);
    else ++held;
  }
  std::error_code error;
  std::filesystem::remove_all(folder_of(trial), error);
}

void TrialStates::save_all(double seconds) {
  const std::lock_guard lock(mutex_);
  for (Held& held : held_)
    if (held.seconds > seconds) save(held);
}

TrialResult make_epochs(const std::shared_ptr<const Plan>& plan, const std::optional<TrainingState>& state, std::int64_t from,
                        std::int64_t to, int threads, std::stop_token stop, bool is_watched) {
  const double began = seconds_now();
  Monitor monitor;
  TrainingOptions options{.threads = threads, .isa = plan->isa(), .on_event = {}, .stop = stop, .places = {}, .is_trial = true};
  options.measures_training_rows = is_watched;
  if (is_watched) options.on_event = [&](const Event& event) { monitor.on_event(event); };
  Training training(plan, options);
  if (is_watched) monitor.watch(training);
  if (state) training.restore(*state);
  const Summary& summary = training.summary();
  while (static_cast<std::int64_t>(summary.history.size()) < to && !stop.stop_requested() && training.step()) {
  }
  TrialResult result;
  result.seconds = seconds_now() - began;
  const std::int64_t made = static_cast<std::int64_t>(summary.history.size());
  if (made < to && (summary.status.empty() || summary.status == "interrupted")) {
    result.was_interrupted = true;
    result.state = training.state();
    return result;
  }
  const std::string metric = watched_metric_of(plan->experiment().train.metric, plan->has_validation());
  for (std::int64_t epoch = from + 1; epoch <= made; ++epoch) {
    result.report.values.push_back(value_at(metric, summary.history, epoch));
    result.report.training.push_back(summary.history[static_cast<std::size_t>(epoch - 1)].batch_loss);
  }
  if (is_watched)
    for (const Finding& finding : diagnose(monitor.history()))
      if (finding.severity != Severity::info) result.report.findings.push_back(finding.rule);
  for (const auto& [name, value] : summary.initial)
    if (name == "loss") result.report.original = value;
  if (summary.status == "diverged") {
    result.report.trouble = "not-finite";
    if (!result.report.values.empty()) result.report.values.back() = std::nan("");
  } else {
    result.report.is_whole = !summary.status.empty() && summary.status != "interrupted";  // a stop may fall on the last step
    if (made < plan->experiment().train.epochs && !result.report.is_whole) result.state = training.state();
  }
  return result;
}

}  // namespace tend
