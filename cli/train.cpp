#include <cmath>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>

#include "checks.h"
#include "configuration.h"
#include "progress.h"
#include "tend/record/run_directory.h"
#include "text.h"

namespace tend {

namespace {

volatile std::sig_atomic_t signal_seen = 0;
/// The first signal asks the run to end after its step; the second ends the program.
void on_signal(int number) {
  signal_seen = number;
  std::signal(number, SIG_DFL);
}

struct TrainFlags : ConfigurationFlags {
  CommonFlags common;
  std::string run;
  int threads = 0;
  std::vector<std::uint64_t> seeds;
  bool print_config = false, listing = false, explain = false, overwrite = false;
};

/// The result of a run, and its exit code.
struct Outcome {
  Value summary;
  std::string status;
  Metrics train = {}, validation = {}, test = {};
  std::optional<Error> trouble = {};  ///< an output that could not be written at the end
  bool is_refused = false;            ///< a check failed under policy "stop"
};

/// Prints key, value and reason, one line each; with --explain also how to decide otherwise.
void print_inferences(const std::vector<Inferred>& reasons, bool explains) {
  if (reasons.empty()) return;
  std::fprintf(stderr, "%s%s\n", coloured("Inferred from the data", "1").c_str(),
               explains ? "" : " (--explain shows how to decide otherwise)");
  std::vector<std::vector<std::string>> rows;
  for (const Inferred& i : reasons) rows.push_back({"  " + i.field, i.chosen, i.reason});
  // On a terminal a line stays within its width; --explain and files have whole reasons.
  const std::vector<std::string> lines = aligned(rows, {}, ::isatty(STDERR_FILENO) && !explains ? 56 : 200);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::fprintf(stderr, "%s\n", lines[i].c_str());
    if (explains && !reasons[i].override_with.empty())
      std::fprintf(stderr, "      to decide otherwise: %s\n", reasons[i].override_with.c_str());
  }
}

void print_configuration(const Configuration& c, const Experiment& complete, const std::vector<Inferred>& reasons, bool as_json) {
  const Value all = values_with_origins(c, complete, reasons);
  if (as_json) std::printf("%s\n", to_json(all).c_str());
  else
    for (const auto& [path, v] : all.items())
      std::printf("%s = %s   # %s\n", path.c_str(), to_inline_toml(*v.find("value")).c_str(), v.find("origin")->string().c_str());
}

/// Makes paths absolute, because the run's own experiment file is in another folder than its source.
void make_paths_absolute(Experiment& e) {
  const auto absolute = [&](const std::string& path) {
    const auto there = std::filesystem::path(e.folder) / path;
    return std::filesystem::exists(there) ? std::filesystem::absolute(there).lexically_normal().string() : path;
  };
  for (Value* v : {&e.data.source, &e.data.validation, &e.data.test})
    if (v->is_string()) *v = absolute(v->string());
  if (!e.data.labels.empty()) e.data.labels = absolute(e.data.labels);
}

/// Describes the epoch that is kept: "; the state after epoch 14 of 20 is kept, which has the best validation loss".
std::string kept_epoch(const Summary& s, const Experiment& e) {
  const Value& stopping = e.train.early_stopping;
  const Value* restore = stopping.find("restore_best");
  if (stopping.is_null() || (restore && restore->is_bool() && !restore->boolean()) || s.best_epoch == 0) return "";
  return "; the state after epoch " + std::to_string(s.best_epoch) + " is kept, which has the best " + e.train.metric;
}

/// The metrics of the table at the end: the main ones, that of train.metric, and, where it tells something else than the accuracy
/// does, the mean over classes.
std::vector<std::string> shown_metrics(const Summary& s, const std::string& watched) {
  std::vector<std::string> names;
  for (const auto& [name, value] : s.train) {
    const auto differs = [](const Metrics& m) {
      return std::fabs(metric_of(m, "balanced_accuracy") - metric_of(m, "accuracy")) >= 0.02;
    };
    const bool tells = name == "balanced_accuracy" && (differs(s.train) || differs(s.validation) || differs(s.test));
    if (is_main_metric(name) || tells || watched.ends_with("." + name)) names.push_back(name);
  }
  return names;
}

void print_result(const Summary& s, const Experiment& experiment, const RunDirectory& directory) {
  std::printf("%s: %s%s\n", s.status.c_str(), s.stop_reason.c_str(), kept_epoch(s, experiment).c_str());
  std::vector<std::vector<std::string>> rows;
  const std::vector<std::string> shown = shown_metrics(s, experiment.train.metric);
  const auto add = [&](const char* part, std::int64_t count, const Metrics& metrics) {
    if (metrics.empty()) return;
    if (rows.empty()) {
      rows.push_back({"  part", "rows"});
      rows[0].insert(rows[0].end(), shown.begin(), shown.end());
    }
    rows.push_back({std::string("  ") + part, std::to_string(count)});
    for (const std::string& name : shown) {
      const double v = metric_of(metrics, name);
      rows.back().push_back(std::isnan(v) && name != "r2" && &metrics == &s.baseline ? "" : metric_text(name, v));
    }
  };
  add("train", s.train_rows, s.train);
  add("validation", s.validation_rows, s.validation);
  add("test", s.test_rows, s.test);
  add(s.baseline_text.c_str(), s.baseline_rows, s.baseline);
  for (const std::string& line : aligned(rows, {false, true, true, true, true, true, true, true}))
    std::printf("%s\n", line.c_str());
  if (const char* metric = s.train.size() > 1 ? s.train[1].first.c_str() : ""; !s.baseline.empty()) {
    const double own = metric_of(s.test.empty() ? s.validation : s.test, metric), of_baseline = metric_of(s.baseline, metric);
    if (!(more_is_better(metric) ? own > of_baseline : own < of_baseline))
      std::printf("  The model is not better than the baseline (%s): it has learned nothing that helps on new rows.\n", metric);
  }
  if (s.temperature != 1)
    std::printf("  Probabilities are calibrated by the validation rows: temperature %s, calibration error %s, before %s\n",
                figure(s.temperature).c_str(), figure(metric_of(s.validation, "calibration_error")).c_str(),
                figure(s.calibration_error_before).c_str());
  std::printf("  %lld epochs, %lld steps in %s s (%lld rows/s, median step %s ms, %d threads), %lld parameters\n",
              static_cast<long long>(s.epochs), static_cast<long long>(s.steps), figure(s.seconds).c_str(),
              std::llround(s.examples_per_second), figure(s.median_step_seconds * 1e3).c_str(), s.threads,
              static_cast<long long>(s.parameters));
  std::printf("The run is in %s. Next:\n", directory.path().c_str());
  for (const auto& [verb, rest] : {std::pair{"predict", " NEW_DATA -o predictions.csv"}, {"evaluate", " MORE_DATA"}})
    std::printf("  %s %s %s%s\n", called_as().c_str(), verb, directory.path().c_str(), rest);
  std::printf("  %s train %s/experiment.toml --set KEY=VALUE\n", called_as().c_str(), directory.path().c_str());
}

/// Runs the checks before the first step and prints alarms on stderr. Returns the name of a failed check, or "".
std::string check_first(const Training& training, const Experiment& experiment, bool is_quiet, RunDirectory& directory) {
  if (experiment.watch.checks == "none") return "";
  PreflightOptions options;
  options.level = experiment.watch.checks;
  const PreflightReport report = preflight(training, options);
  directory.keep_checks(report.to_value());
  if (!is_quiet || (report.has_failed() && experiment.watch.policy != "observe")) print_checks(stderr, report, true);
  for (const CheckLine& line : report.lines)
    if (line.result.verdict == Verdict::fail) return line.check;
  return "";
}

/// Policy "stop": the run does not begin.
Outcome stopped_by(const std::string& check, RunDirectory& directory, const TrainFlags& flags) {
  Summary summary;
  summary.status = "stopped";
  summary.stop_reason = "the check " + check + " failed before the first step, and watch.policy is \"stop\"";
  directory.write_summary(summary);
  if (!flags.common.json && !flags.common.quiet) std::printf("%s: %s\n", summary.status.c_str(), summary.stop_reason.c_str());
  return {.summary = directory.summary_value(summary), .status = summary.status, .is_refused = true};
}

Outcome train_once(const Experiment& experiment, const Dataset& data, const TrainFlags& flags, const DataPlaces& places,
                   const std::string& run) {
  RunDirectory directory(run, flags.overwrite);
  std::stop_source stop;
  ProgressDisplay progress(flags.common.quiet, experiment.train.metric);
  TrainingOptions options;
  options.threads = threads_or_usual(flags.threads);
  options.stop = stop.get_token();
  options.places = places;
  options.on_event = [&](const Event& event) {
    if (signal_seen) stop.request_stop();
    if (event.kind == Event::Kind::epoch && !directory.write_epoch(*event.epoch)) progress.warn(directory.trouble());
    progress.show(event);
  };
  Training training(experiment, data, options);
  directory.write_experiment(experiment);
  if (flags.listing) std::fprintf(stderr, "%s\n", training.listing().c_str());
  const std::string failed = check_first(training, experiment, flags.common.quiet, directory);
  if (!failed.empty() && experiment.watch.policy == "stop") return stopped_by(failed, directory, flags);
  const Summary& summary = training.run();
  Outcome outcome{.summary = directory.summary_value(summary),
                  .status = summary.status,
                  .train = summary.train,
                  .validation = summary.validation,
                  .test = summary.test};
  try {
    training.model().save(directory.model_path());
    directory.write_summary(summary);
  } catch (const Error& e) {
    outcome.trouble = e;  // the measurements are reported first
  }
  if (!flags.common.json && !flags.common.quiet) print_result(summary, experiment, directory);
  if (summary.status == "diverged") {
    if (flags.common.quiet)
      std::fprintf(stderr, "%s %s\n", coloured("tend: diverged:", "31").c_str(), summary.stop_reason.c_str());
    if (!outcome.trouble) warn_about(directory.path());
  }
  return outcome;
}

struct Spread {
  double mean = 0, deviation = 0;
};

Spread spread_of(const std::vector<double>& values) {
  Spread s;
  for (const double v : values) s.mean += v / static_cast<double>(values.size());
  for (const double v : values) s.deviation += (v - s.mean) * (v - s.mean);
  s.deviation = values.size() > 1 ? std::sqrt(s.deviation / static_cast<double>(values.size() - 1)) : 0;
  return s;
}

Value over_runs(const std::vector<Outcome>& outcomes, const char* kind, bool prints) {
  Value v = Value::table();
  for (const auto& [part, of] :
       {std::pair{"train", &Outcome::train}, {"validation", &Outcome::validation}, {"test", &Outcome::test}})
    for (std::size_t m = 0; m < (outcomes[0].*of).size(); ++m) {
      std::vector<double> values;
      for (const Outcome& o : outcomes) values.push_back((o.*of)[m].second);
      const Spread s = spread_of(values);
      const std::string& name = (outcomes[0].*of)[m].first;
      v[part][name]["mean"] = s.mean;
      v[part][name]["deviation"] = s.deviation;
      if (prints)
        std::printf("  %-11s %-9s %s +- %s over %zu %s\n", part, name.c_str(), figure(s.mean).c_str(),
                    figure(s.deviation).c_str(), values.size(), kind);
    }
  return v;
}

int code_of(const std::vector<Outcome>& outcomes) {
  for (const Outcome& o : outcomes)
    if (o.trouble) return tell(*o.trouble);
  if (signal_seen) return 128 + static_cast<int>(signal_seen);
  for (const Outcome& o : outcomes)
    if (o.is_refused) return exit_code::check_failed;
  for (const Outcome& o : outcomes)
    if (o.status == "diverged") return exit_code::diverged;
  return exit_code::done;
}

/// Trains once for each seed or fold, and prints mean and standard deviation of the metrics.
int train_each(Experiment experiment, const Dataset& data, const TrainFlags& flags, const DataPlaces& places) {
  const bool has_seeds = !flags.seeds.empty();
  if (has_seeds && experiment.data.folds && !experiment.data.fold)
    throw Error(Trouble::usage, "--seeds", "together with data.folds", "one of them", "--set data.fold=1 trains one fold");
  const std::string key = has_seeds ? "seed" : "fold";
  std::vector<std::uint64_t> all_of = flags.seeds;
  if (!has_seeds)
    for (std::int64_t fold = 1; fold <= *experiment.data.folds; ++fold) all_of.push_back(static_cast<std::uint64_t>(fold));
  std::vector<Outcome> outcomes;
  Value all = Value::table();
  all["schema"] = 1;
  for (const std::uint64_t number : all_of) {
    if (has_seeds) experiment.seed = number;
    else experiment.data.fold = static_cast<std::int64_t>(number);
    const std::string run = flags.run.empty() ? "" : flags.run + "/" + key + "-" + std::to_string(number);
    outcomes.push_back(train_once(experiment, data, flags, places, run));
    outcomes.back().summary[key] = static_cast<std::int64_t>(number);
    all["runs"].push_back(outcomes.back().summary);
    if (signal_seen) break;
  }
  all["metrics"] = over_runs(outcomes, has_seeds ? "seeds" : "folds", !flags.common.json && !flags.common.quiet);
  if (flags.common.json) std::printf("%s\n", to_json(all).c_str());
  return code_of(outcomes);
}

int train(const TrainFlags& flags) {
  const Configuration configuration = configure(flags);
  const DataPlaces places{configuration.experiment.folder, registered_folders()};
  Dataset data;
  std::vector<Inferred> reasons;
  Experiment experiment = infer_from_source(configuration.experiment, places, data, reasons);
  if (flags.print_config) {
    print_configuration(configuration, experiment, reasons, flags.common.json);
    return exit_code::done;
  }
  make_paths_absolute(experiment);
  if (!flags.common.quiet) print_inferences(reasons, flags.explain);
  if (!experiment.tune.is_null() && !flags.common.quiet)
    std::fprintf(stderr, "The section [tune] is not used: this version of tend does not search.\n");
  if (!flags.common.quiet) std::fprintf(stderr, "%s %s\n", coloured("Training", "1").c_str(), configuration.name.c_str());
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is reported as our own error
  if (!flags.seeds.empty() || (experiment.data.folds && !experiment.data.fold))
    return train_each(std::move(experiment), data, flags, places);
  const Outcome outcome = train_once(experiment, data, flags, places, flags.run);
  if (flags.common.json) std::printf("%s\n", to_json(outcome.summary).c_str());
  return code_of({outcome});
}

}  // namespace

void add_train(CLI::App& app, int& code) {
  auto flags = std::make_shared<TrainFlags>();
  CLI::App* verb = app.add_subcommand(
      "train",
      "Checks the set-up, trains, reports, and leaves a run.\n\n  tend train adult.csv --target income\n  tend train experiment.toml --set train.epochs=20 --seeds 0,1,2\n");
  add_configuration(*verb, *flags);
  add_common(*verb, flags->common);
  verb->add_option("--run", flags->run, "the run's folder; absent: a new one under runs/")->type_name("DIR");
  verb->add_flag("--overwrite", flags->overwrite, "replace the run that the folder of --run holds");
  verb->add_flag("--explain", flags->explain, "show how to decide otherwise what was inferred from the data");
  verb->add_option("--threads", flags->threads,
                   "absent: OMP_NUM_THREADS, otherwise all cores; the results are the same for any number")
      ->check(CLI::Range(1, 1024))
      ->type_name("N");
  verb->add_option("--seeds", flags->seeds, "train once for each seed and print mean and spread")
      ->delimiter(',')
      ->type_name("0,1,2");
  verb->add_flag("--print-config", flags->print_config, "print every value with its origin, and stop");
  verb->add_flag("--listing", flags->listing, "print the compiled Programs on standard error first");
  verb->callback([flags, &code] { code = train(*flags); });
}

}  // namespace tend
