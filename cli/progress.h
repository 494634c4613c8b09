#pragma once
#include <string>

#include "cli.h"

namespace tend {

/// Shows a run on stderr as it goes on: a bar on a terminal, else a line every few seconds.
class ProgressDisplay {
 public:
  ProgressDisplay(bool is_quiet, std::int64_t epochs);
  void show(const Event& event);
  /// Something that does not end the run, once.
  void warn(const std::string& text);

 private:
  void show_bar(const Event& event);
  void show_step(const Event& event);
  void show_epoch(const EpochReport& report, bool is_last);
  void clear_bar();

  bool is_quiet_, is_terminal_, has_bar_ = false, has_warned_ = false;
  std::int64_t epochs_;
  double drawn_ = 0;
};

/// "loss 0.0412  accuracy 0.9889"
std::string metrics_text(const Metrics& metrics);

}  // namespace tend
