#include "tend/study/trial_training.h"

#include <cmath>

#include "tend/base/clock.h"
#include "tend/diagnose/diagnose.h"
#include "tend/monitor/monitor.h"
#include "tend/record/run_facts.h"
#include "tend/train/run.h"

namespace tend {

TrialResult make_epochs(const std::shared_ptr<const Plan>& plan, const std::optional<TrainingState>& state, std::int64_t from,
                        std::int64_t to, int threads, std::stop_token stop, bool is_watched) {
  const double began = seconds_now();
  Monitor monitor;
  TrainingOptions options{.threads = threads, .isa = plan->isa(), .on_event = {}, .stop = stop, .places = {}, .is_trial = true};
  options.measures_training_rows = is_watched;
  options.measures_all_metrics = false;
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
