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
  std::string run, from;
  int threads = 0;
  std::vector<std::uint64_t> seeds;
  bool print_config = false, listing = false;
};

/// What a run came to, and the exit code that it asks for.
struct Outcome {
  Value summary;
  std::string status;
  Metrics train = {}, validation = {}, test = {};
  std::optional<Error> trouble = {};  ///< what could not be written at the end
  bool is_refused = false;            ///< a check failed under policy "stop"
};

void print_inferences(const std::vector<Inferred>& reasons, bool is_quiet) {
  if (is_quiet || reasons.empty()) return;
  std::fprintf(stderr, "%s\n", coloured("Inferred", "1").c_str());
  for (const Inferred& i : reasons)
    std::fprintf(stderr, "  %s = %s\n      %s%s%s\n", i.field.c_str(), i.chosen.c_str(), i.reason.c_str(),
                 i.override_with.empty() ? "" : "; otherwise: ", i.override_with.c_str());
}

void print_configuration(const Configuration& c, const Experiment& complete, const std::vector<Inferred>& reasons, bool as_json) {
  const Value all = values_with_origins(c, complete, reasons);
  if (as_json) std::printf("%s\n", to_json(all).c_str());
  else
    for (const auto& [path, v] : all.items())
      std::printf("%s = %s   # %s\n", path.c_str(), to_inline_toml(*v.find("value")).c_str(), v.find("origin")->string().c_str());
}

/// The run's own experiment file lies elsewhere than the one it was made from.
void make_paths_absolute(Experiment& e) {
  const auto absolute = [&](const std::string& path) {
    const auto there = std::filesystem::path(e.folder) / path;
    return std::filesystem::exists(there) ? std::filesystem::absolute(there).lexically_normal().string() : path;
  };
  for (Value* v : {&e.data.source, &e.data.validation, &e.data.test})
    if (v->is_string()) *v = absolute(v->string());
  if (!e.data.labels.empty()) e.data.labels = absolute(e.data.labels);
}

void print_result(const Summary& s, const RunDirectory& directory, const std::string& verb_for_rows) {
  std::printf("%s: %s\n", s.status.c_str(), s.stop_reason.c_str());
  const auto line = [](const char* part, std::int64_t rows, const Metrics& m) {
    if (!m.empty()) std::printf("  %-11s %8lld rows   %s\n", part, static_cast<long long>(rows), metrics_text(m).c_str());
  };
  line("train", s.train_rows, s.train);
  line("validation", s.validation_rows, s.validation);
  line("test", s.test_rows, s.test);
  std::printf("  %lld epochs, %lld steps in %.2f s (%.0f rows/s, median step %.3f ms, %d threads), %lld parameters\n",
              static_cast<long long>(s.epochs), static_cast<long long>(s.steps), s.seconds, s.examples_per_second,
              s.median_step_seconds * 1e3, s.threads, static_cast<long long>(s.parameters));
  std::printf("  run:     %s\n  predict: %s\n", directory.path().c_str(), verb_for_rows.c_str());
}

/// The checks before the first step, told on stderr where they have something to say. Gives the name of one that failed, or "".
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

/// Policy "stop": a run that does not begin.
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
  RunDirectory directory(run);
  if (directory.had_run() && !flags.common.quiet)
    std::fprintf(stderr, "%s held a run before: it is replaced\n", directory.path().c_str());
  std::stop_source stop;
  ProgressDisplay progress(flags.common.quiet, experiment.train.epochs);
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
    outcome.trouble = e;  // what was measured is said first
  }
  if (!flags.common.json && !flags.common.quiet)
    print_result(summary, directory, "tend predict " + directory.path() + " DATA -o predictions.csv");
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

Value over_seeds(const std::vector<Outcome>& outcomes, bool prints) {
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
        std::printf("  %-11s %-9s %.5g +- %.2g over %zu seeds\n", part, name.c_str(), s.mean, s.deviation, values.size());
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

int train_seeds(Experiment experiment, const Dataset& data, const TrainFlags& flags, const DataPlaces& places) {
  std::vector<Outcome> outcomes;
  Value all = Value::table();
  all["schema"] = 1;
  for (const std::uint64_t seed : flags.seeds) {
    experiment.seed = seed;
    const std::string run = flags.run.empty() ? "" : flags.run + "/seed-" + std::to_string(seed);
    outcomes.push_back(train_once(experiment, data, flags, places, run));
    outcomes.back().summary["seed"] = static_cast<std::int64_t>(seed);
    all["runs"].push_back(outcomes.back().summary);
    if (signal_seen) break;
  }
  all["metrics"] = over_seeds(outcomes, !flags.common.json && !flags.common.quiet);
  if (flags.common.json) std::printf("%s\n", to_json(all).c_str());
  return code_of(outcomes);
}

int train(const TrainFlags& flags) {
  if (!flags.from.empty())
    throw Error(Trouble::usage, "--from", "a flag that is not available in this version of tend", "", "leave it out");
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
  print_inferences(reasons, flags.common.quiet);
  if (!flags.common.quiet) std::fprintf(stderr, "%s %s\n", coloured("Training", "1").c_str(), configuration.name.c_str());
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error of ours to tell
  if (!flags.seeds.empty()) return train_seeds(std::move(experiment), data, flags, places);
  const Outcome outcome = train_once(experiment, data, flags, places, flags.run);
  if (flags.common.json) std::printf("%s\n", to_json(outcome.summary).c_str());
  return code_of({outcome});
}

}  // namespace

void add_train(CLI::App& app, int& code) {
  auto flags = std::make_shared<TrainFlags>();
  CLI::App* verb = app.add_subcommand(
      "train",
      "Trains: checks, learns, reports, leaves a run.\n\n  tend train adult.csv --target income\n  tend train experiment.toml --set train.epochs=20 --seeds 0,1,2\n");
  add_configuration(*verb, *flags);
  add_common(*verb, flags->common);
  verb->add_option("--run", flags->run, "the run's directory; absent: a new one under runs/")->type_name("DIR");
  verb->add_option("--threads", flags->threads, "absent: OMP_NUM_THREADS, else all cores; the bits do not depend on it")
      ->check(CLI::Range(1, 1024))
      ->type_name("N");
  verb->add_option("--seeds", flags->seeds, "several runs; prints mean and spread")->delimiter(',')->type_name("0,1,2");
  verb->add_option("--from", flags->from, "start with that run's weights")->type_name("RUN");
  verb->add_flag("--print-config", flags->print_config, "print every value with its origin, and end");
  verb->add_flag("--listing", flags->listing, "print the compiled Programs on standard error first");
  verb->callback([flags, &code] { code = train(*flags); });
}

}  // namespace tend
