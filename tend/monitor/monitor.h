#pragma once
#include <optional>

#include "tend/monitor/history.h"

namespace tend {

/// Collects the history of a training. Call on_event for each of its events, on the thread that steps.
class Monitor {
 public:
  /// `training` must outlive the monitor, and may be set once its constructor is done: events before are kept.
  Monitor() = default;
  void watch(const Training& training);
  void on_event(const Event& event);
  const History& history() const { return history_; }
  void suggest_rate(double rate) { history_.suggested_rate = rate; }
  void know_start_alarms(std::vector<StartAlarm> alarms) { history_.start_alarms = std::move(alarms); }
  /// For a training that went back to this step: forgets what was seen after it.
  void go_back(std::int64_t step);
  /// What is usual is measured anew, as after a change of the learning rate by hand.
  void forget_usual();
  /// What another monitor of the same training needs to go on as this one; after the end, as it was before. `kept` is empty.
  WatcherMemory memory() const;
  /// Goes on from the memory of another monitor, for a training that has gone on from the state of that moment. Returns false,
  /// without a change, if that was a monitor of another network; throws Error{data} if the memory is damaged.
  bool recall(const WatcherMemory& memory);

 private:
  static void visit_open(auto& monitor, auto& numbers);
  void add_step(const Event& event);
  void add_epoch(const EpochReport& report);
  void close_window();
  void compare_with_usual(const Event& event);
  bool follows_outside_change(std::int64_t step) const;
  void look_at_layers(std::int64_t step);
  void look_at_noise(std::int64_t step);
  void look_at_the_end();

  const Training* training_ = nullptr;
  History history_;
  std::int64_t look_steps_ = 0, next_look_ = 0;    // between two looks at the layers; the step of the next one
  std::int64_t noise_steps_ = 0, next_noise_ = 0;  // likewise of the noise of the gradient
  std::int64_t window_steps_ = 1;                  // steps of a window; doubles when there are too many
  StepWindow window_;
  std::int64_t finite_ = 0;
  std::vector<ParameterWindow> sums_;  // squares, of the present window
  /// What is usual, as averages that forget over some fifty steps.
  struct Usual {
    double log_ratio = 0, weight_norm = -1;
  };
  std::vector<Usual> usual_;  // by parameter
  double usual_loss_ = 0, last_rate_ = 0;
  std::int64_t seen_ = 0;
  std::optional<SuddenStep> suspect_;
  std::int64_t high_losses_ = 0;  // of the steps after it
  WatcherMemory before_end_;
};

}  // namespace tend
