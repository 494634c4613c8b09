#pragma once
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

 private:
  void add_step(const Event& event);
  void close_window();
  void look_at_the_end();

  const Training* training_ = nullptr;
  History history_;
  std::int64_t window_steps_ = 1;  // steps of a window; doubles when there are too many
  StepWindow window_;
  std::int64_t finite_ = 0;
  std::vector<ParameterWindow> sums_;  // squares, of the present window
};

}  // namespace tend
