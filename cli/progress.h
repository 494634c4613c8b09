#pragma once
#include <functional>
#include <string>

#include "cli.h"
#include "live_view.h"

namespace tend {

/// Shows the progress of a run on stderr. On a terminal a bar, and in a training of more than two seconds a live view above it
/// (live_view.h), where the terminal has the room; otherwise a line every few seconds. Epochs are lines of a table.
class ProgressDisplay {
 public:
  /// `watched`: the metric of train.metric, "validation.roc_auc"; it is shown beside the main ones.
  explicit ProgressDisplay(bool is_quiet, std::string watched = {});
  void show(const Event& event);
  /// For the live view: the history of the training that runs at the time of the call.
  void looks_at(std::function<const History&()> history) { history_ = std::move(history); }
  /// One line between those of the epochs.
  void say(const std::string& text);
  /// Reports trouble that does not end the run, once.
  void warn(const std::string& text);
  /// For a run that goes on: the epochs that have ended.
  void goes_on_after(std::int64_t epoch) { epoch_ = epoch; }

 private:
  void show_bar(const Event& event);
  void show_step(const Event& event);
  void show_epoch(const EpochReport& report, bool is_last);
  void print_epoch(const EpochReport& report);
  bool show_live(const std::string& bar);
  void clear_bar();
  std::string step_text(const Event& event, std::size_t most) const;
  void take_metric(const EpochReport& report);

  std::string watched_;
  std::optional<EpochReport> best_, last_;  ///< epochs that are not shown yet
  bool is_quiet_, is_terminal_, has_bar_ = false, has_warned_ = false, has_header_ = false;
  double drawn_ = 0, shown_ = 0, began_ = 0;
  std::int64_t epoch_ = 0, first_step_ = 0;  ///< the last that ended; of this process
  std::string metric_;                       ///< the watched one after the last epoch
  std::function<const History&()> history_;
  LiveBlock live_;
  double live_drawn_ = 0;
};

std::string metric_text(const std::string& name, double value);
/// "loss 0.0412  accuracy 0.989"
std::string metrics_text(const Metrics& metrics);

}  // namespace tend
