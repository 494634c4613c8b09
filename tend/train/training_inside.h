#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tend/base/clock.h"
#include "tend/train/run.h"
#include "tend/train/training.h"

namespace tend {

/// The metric that decides which epoch is best.
struct Watched {
  PartName part = PartName::validation;
  std::string metric;
  std::string text() const { return (part == PartName::train ? "train." : "validation.") + metric; }
};

/// The parts of a Training. training.cpp has the loop, training_end.cpp what follows the last step, training_state.cpp what is
/// saved.
struct Training::Inside {
  Inside(std::shared_ptr<const Plan> plan, TrainingOptions options);

  bool step();
  void begin();
  void end_where_it_has_ended();
  std::pair<std::string, std::string> end_of_restored() const;
  bool restores_best() const { return best && stopping && stopping->restore_best; }
  void tell_interventions(const StepReport& step);
  void end_epoch();
  WantedMetrics wanted() const;
  void choose_members();
  void check_early_stop();
  bool has_waited_enough() const;
  std::string text_of_early_stop() const;
  void finish(const std::string& status, const std::string& reason);
  void end_now(const std::string& status, const std::string& reason);
  void calibrate();
  void measure_baseline();
  void measure_columns();
  void close();
  /// `fold`: only the networks of the pack that left out its rows. `of_new_rows`: takes training rows as if they were new.
  Model model(int fold = -1, bool of_new_rows = false) const;
  void read_settings();
  void tell(Event event) const {
    if (!options.on_event) return;
    if (event.kind != Event::Kind::ended) event.step = run->counters().step;
    event.steps = run->plan().total_steps();
    options.on_event(event);
  }
  const Plan& plan() const { return run->plan(); }
  std::shared_ptr<const Snapshot> shot() const { return std::make_shared<const Snapshot>(run->snapshot()); }
  TrainingState state() const {
    return {.now = last ? last : shot(),
            .best = best,
            .good = good,
            .initial = summary.initial,
            .history = summary.history,
            .first_nan_step = summary.first_nan_step,
            .seconds = is_closed ? summary.seconds : seconds_so_far(),
            .training_seconds = training_seconds};
  }
  double seconds_so_far() const { return seconds_before + (began > 0 ? seconds_now() - began : 0); }
  void restore(const TrainingState& state);

  TrainingOptions options;
  std::unique_ptr<Executor> executor;
  std::unique_ptr<Run> run;
  std::shared_ptr<const Snapshot> best, good;  // best: at the best epoch; good: at the end of the last epoch with a finite state
  std::shared_ptr<const Snapshot> last;        // of the end, if the best state has replaced it
  Watched watched;
  std::optional<EarlyStopping> stopping;
  Summary summary;
  std::vector<float> step_seconds, loading_seconds;
  double began = 0, seconds_before = 0, training_seconds = 0, last_rate = 0;  // seconds_before: of the run that this one resumes
  bool has_ended = false, is_closed = false, may_have_ended = true;
};

}  // namespace tend
