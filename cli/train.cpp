#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <set>

#include "configuration.h"
#include "result.h"
#include "run_loop.h"
#include "tend/base/clock.h"
#include "tend/base/version.h"
#include "text.h"
#include "waiting.h"

namespace tend {

namespace {

struct TrainFlags : ConfigurationFlags {
  CommonFlags common;
  std::string run, from, time;
  double checkpoint_seconds = 10;
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

void print_configuration(const Configuration& c, const Experiment& complete, const std::vector<Inferred>& reasons, bool as_json) {
  const Value all = values_with_origins(c, complete, reasons);
  if (as_json) std::printf("%s\n", to_json(all).c_str());
  else
    for (const auto& [path, v] : all.items())
      std::printf("%s = %s   # %s\n", path.c_str(), to_inline_toml(*v.find("value")).c_str(), v.find("origin")->string().c_str());
}

/// Policy "stop": the run does not begin.
Outcome stopped_by(const std::string& check, RunDirectory& directory, const TrainFlags& flags, Keeper& keeper) {
  Summary summary;
  summary.status = "stopped";
  summary.stop_reason = "the check " + check + " failed before the first step, and watch.policy is \"stop\"";
  directory.write_summary(summary);
  keeper.about("state", summary.status);
  keeper.about("summary", directory.summary_value(summary));
  keeper.close();
  if (!flags.common.json && !flags.common.quiet) std::printf("%s: %s\n", summary.status.c_str(), summary.stop_reason.c_str());
  return {.summary = directory.summary_value(summary), .status = summary.status, .is_refused = true};
}

/// Says which weights of another run the training starts with.
void say_what_was_taken(const std::vector<std::string>& taken, const Training& training, const TrainFlags& flags,
                        Keeper& keeper) {
  std::size_t all = 0;
  for (const Place& place : training.engine().state().directory().places())
    all += place.kind == PlaceKind::parameter || place.kind == PlaceKind::statistic;
  if (taken.empty())
    throw Error(Trouble::usage, "--from", "no tensor of " + flags.from + " that this network has, by name and shape",
                "a run of a similar network");
  const std::string said = std::to_string(taken.size()) + " of " + counted(static_cast<std::int64_t>(all), "tensor") +
                           " start with those of " + flags.from + ": " + listed(taken, ", ", 8);
  keeper.note(0, "from", said);
  if (!flags.common.quiet) std::fprintf(stderr, "  %s\n", said.c_str());
}

/// `said`: the notes that were printed before; `label`: stands above the result.
Outcome train_once(const Experiment& experiment, const Dataset& data, const TrainFlags& flags, const DataPlaces& places,
                   const std::string& run, const Value& configuration, std::set<std::string>& said,
                   const std::string& label = {}) {
  RunDirectory directory(run, flags.overwrite);
  RunLoop loop(directory, flags.common.quiet, experiment.train.metric, flags.checkpoint_seconds);
  WatchOptions options;
  options.training.places = places;
  options.training.on_event = [&](const Event& event) { loop.on_event(event); };
  loop.says_once(said);
  loop.listen(options);
  if (!flags.time.empty()) {
    constexpr double share_of_checks = 0.2, least_for_checks = 2;  // seconds
    const Value* epochs = configuration.find("train.epochs");
    const double seconds = seconds_of(flags.time, "--time");
    options.checks.most_seconds = std::max(share_of_checks * seconds, least_for_checks);
    loop.ends_at(seconds_now() + seconds, flags.time, epochs && text_at(*epochs, "origin") == "inferred");
  }
  std::optional<Model> model;
  std::vector<std::string> taken;
  if (!flags.from.empty()) {
    model = Model::load(find_model(flags.from).model_path);
    options.at_start = [&](Training& training) { taken = training.start_from(*model); };
  }
  WatchedTraining watched(experiment, data, options);
  directory.clear();
  loop.open_record(0);
  loop.keeper().about("configuration", configuration);
  if (flags.listing) std::fprintf(stderr, "%s\n", watched.training().listing().c_str());
  if (model) say_what_was_taken(taken, watched.training(), flags, loop.keeper());
  loop.save_start(watched);
  directory.write_experiment(experiment);
  const std::string failed = loop.check(watched);
  if (!failed.empty() && experiment.watch.policy == "stop") return stopped_by(failed, directory, flags, loop.keeper());
  const Summary& summary = loop.run(watched);
  Outcome outcome{.summary = directory.summary_value(summary),
                  .status = summary.status,
                  .train = summary.train,
                  .validation = summary.validation,
                  .test = summary.test};
  outcome.trouble = loop.finish(watched);  // reported after the measurements
  if (!flags.common.quiet) print_findings(stderr, loop.findings(), directory.path());
  if (!flags.common.quiet) print_repairs(watched, watched.repairs().size(), directory.path());
  if (const std::string text = loop.text_of_shortened(summary); !text.empty() && !flags.common.quiet)
    std::fprintf(stderr, "%s\n", text.c_str());
  if (!flags.common.json && !flags.common.quiet) {
    if (!label.empty()) std::printf("%s, %s\n", label.c_str(), directory.path().c_str());
    print_result(summary, experiment, directory);
  }
  if (summary.status == "diverged") {
    if (flags.common.quiet)
      std::fprintf(stderr, "%s %s\n", coloured("tend: diverged:", "31").c_str(), summary.stop_reason.c_str());
    if (!outcome.trouble) warn_about(directory.path());
  }
  return outcome;
}

Value over_runs(const std::vector<Outcome>& outcomes, const char* kind, bool prints) {
  Value v = Value::table();
  std::vector<std::vector<std::string>> rows{
      {"  mean +- standard deviation over " + std::to_string(outcomes.size()) + " " + kind}};
  std::vector<std::string> names;
  for (const auto& [name, unused] : outcomes[0].train) names.push_back(name), rows.push_back({"  " + name});
  for (const auto& [part, of] :
       {std::pair{"train", &Outcome::train}, {"validation", &Outcome::validation}, {"test", &Outcome::test}}) {
    if ((outcomes[0].*of).empty()) continue;
    rows[0].push_back(part);
    for (std::size_t m = 0; m < names.size(); ++m) {
      std::vector<double> values;
      for (const Outcome& o : outcomes) values.push_back(metric_of(o.*of, names[m]));
      const MeanAndDeviation spread = mean_and_deviation(values);
      v[part][names[m]]["mean"] = spread.mean;
      v[part][names[m]]["deviation"] = spread.deviation;
      rows[m + 1].push_back(figure(spread.mean) + " +- " + figure(spread.deviation));
    }
  }
  if (prints)
    for (const std::string& line : aligned(rows, {false, true, true, true})) std::printf("%s\n", line.c_str());
  return v;
}

int code_of(const std::vector<Outcome>& outcomes) {
  for (const Outcome& o : outcomes)
    if (o.trouble) return tell(*o.trouble);
  if (signal_of_run()) return 128 + signal_of_run();
  for (const Outcome& o : outcomes)
    if (o.is_refused) return exit_code::check_failed;
  for (const Outcome& o : outcomes)
    if (o.status == "diverged") return exit_code::diverged;
  return exit_code::done;
}

/// Trains once for each seed or fold, and prints mean and standard deviation of the metrics.
int train_each(Experiment experiment, const Dataset& data, const TrainFlags& flags, const DataPlaces& places,
               const Value& configuration) {
  const bool has_seeds = !flags.seeds.empty();
  if (has_seeds && experiment.data.folds && !experiment.data.fold)
    throw Error(Trouble::usage, "--seeds", "together with data.folds", "one of them", "--set data.fold=1 trains one fold");
  const std::string key = has_seeds ? "seed" : "fold";
  std::vector<std::uint64_t> all_of = flags.seeds;
  if (!has_seeds)
    for (std::int64_t fold = 1; fold <= *experiment.data.folds; ++fold) all_of.push_back(static_cast<std::uint64_t>(fold));
  std::vector<Outcome> outcomes;
  std::set<std::string> said;
  Value all = Value::table();
  all["schema"] = 1;
  for (const std::uint64_t number : all_of) {
    if (has_seeds) experiment.seed = number;
    else experiment.data.fold = static_cast<std::int64_t>(number);
    const std::string run = flags.run.empty() ? "" : flags.run + "/" + key + "-" + std::to_string(number);
    const std::string label = (has_seeds ? "Seed " : "Fold ") + std::to_string(number);
    if (!flags.common.quiet) std::fprintf(stderr, "%s\n", coloured(label, "1").c_str());
    outcomes.push_back(train_once(experiment, data, flags, places, run, configuration, said, label));
    outcomes.back().summary[key] = static_cast<std::int64_t>(number);
    all["runs"].push_back(outcomes.back().summary);
    if (signal_of_run()) break;
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
  std::optional<Waiting> waiting(std::in_place, flags.common.quiet, "Reading the data");
  Experiment experiment = infer_from_source(configuration.experiment, places, data, reasons);
  waiting.reset();
  if (flags.print_config) {
    print_configuration(configuration, experiment, reasons, flags.common.json);
    return exit_code::done;
  }
  make_paths_absolute(experiment);
  const Value origins = values_with_origins(configuration, experiment, reasons);
  if (!flags.common.quiet) print_inferences(stderr, reasons, flags.explain);
  if (!experiment.tune.is_null() && !flags.common.quiet)
    std::fprintf(stderr, "The section [tune] is not used: tend train does not search.\n");
  if (!flags.common.quiet) std::fprintf(stderr, "%s %s\n", coloured("Training", "1").c_str(), configuration.name.c_str());
  catch_signals();
  if (!flags.seeds.empty() || (experiment.data.folds && !experiment.data.fold))
    return train_each(std::move(experiment), data, flags, places, origins);
  std::set<std::string> said;
  const Outcome outcome = train_once(experiment, data, flags, places, flags.run, origins, said);
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
  verb->add_option("--from", flags->from, "start with the weights of this run, matched by name and shape")->type_name("RUN");
  verb->add_option("--checkpoint-seconds", flags->checkpoint_seconds,
                   "seconds between two checkpoints, from which tend resume goes on; 0: only at the end")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str()
      ->type_name("S");
  verb->add_option("--time", flags->time, "ends the training in time: 90s, 10m, 2h; tend resume goes on later")
      ->type_name("TIME");
  verb->add_flag("--explain", flags->explain, "show how to decide otherwise what was inferred from the data");
  add_threads(*verb);
  verb->add_option("--seeds", flags->seeds, "train once for each seed and print mean and spread")
      ->delimiter(',')
      ->type_name("0,1,2");
  verb->add_flag("--print-config", flags->print_config, "print every value with its origin, and stop");
  verb->add_flag("--listing", flags->listing, "print the compiled Programs on standard error first");
  verb->callback([flags, &code] { code = train(*flags); });
}

}  // namespace tend
