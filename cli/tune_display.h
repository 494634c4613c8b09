#pragma once
#include <atomic>
#include <string>

#include "cli.h"
#include "tend/study/study_result.h"
#include "tend/study/tuning.h"

namespace tend {

/// Shows the progress of a study on stderr: a line for each better trial, and how far it is, as a bar line on a terminal,
/// otherwise every few seconds.
class TuneDisplay {
 public:
  TuneDisplay(bool is_quiet, double time_limit) : is_quiet_(is_quiet), time_limit_(time_limit) {}
  void begin(Tuning& tuning);
  void on_event(const TuningEvent& event);
  /// Shows a sentence about the server of the study; may be called on any thread at any time.
  void on_waiting(const std::string& text);
  void end();

 private:
  void show_bar();
  std::string progress_text();
  void clear_bar();

  bool is_quiet_, is_terminal_ = false;
  std::atomic<bool> has_bar_ = false;
  double time_limit_, began_ = 0, drawn_ = 0;
  Tuning* tuning_ = nullptr;
  std::size_t steps_at_start_ = 0;
  std::string best_;
};

/// "update.optimizer.learning_rate 0.0031, dropout 0.2".
std::string parameters_text(const Value& parameters);

/// Prints what a study found, on stdout: the best trials, a plot of values against the most important parameter, trials by state
/// and cause, the importance of parameters, the comparison at the end.
void print_study(const StudyResult& result);

}  // namespace tend
