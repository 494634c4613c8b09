#include "tend/lecture/measures.h"

#include <algorithm>
#include <cmath>

#include "tend/base/clock.h"
#include "tend/base/error.h"
#include "tend/base/settings.h"
#include "tend/base/text.h"
#include "tend/lecture/condition.h"
#include "tend/monitor/layer_states.h"
#include "tend/trial/trial.h"
#include "tend/tune/search.h"
#include "tend/watch/watched_training.h"

namespace tend {

namespace {

struct LayerMeasure {
  const char* name;
  double LayerState::*value;
};
constexpr LayerMeasure layer_measures[] = {{"deviation", &LayerState::deviation},
                                           {"mean", &LayerState::mean},
                                           {"zero_fraction", &LayerState::zero_fraction},
                                           {"dead_fraction", &LayerState::dead_fraction}};

void add_layers(Measures& m, const std::string& when, const std::vector<LayerState>& layers) {
  for (const auto& [name, value] : layer_measures) {
    double number = 0;
    for (const LayerState& layer : layers) {
      m.values[when + "." + layer.name + "." + name] = layer.*value;
      m.curves[when + "." + name].push_back({++number, layer.*value});
    }
  }
}

void add_metrics(Measures& m, const std::string& before, const Metrics& metrics) {
  for (const auto& [name, v] : metrics) m.values[before + "." + name] = v;
}

void add_history(Measures& m, const History& history) {
  double highest = std::nan("");
  for (const StepWindow& w : history.windows) {
    m.curves["loss"].push_back({static_cast<double>(w.first + w.last) / 2, w.mean});
    highest = std::fmax(highest, w.mean);
    m.values["step.loss.last"] = w.mean;
  }
  m.values["step.loss.highest"] = highest;
  for (const ParameterHistory& p : history.parameters) {
    m.values["ratio." + p.name] = usual_update_ratio(p);
    if (!p.windows.empty()) m.values["gradient." + p.name] = p.windows[0].gradient_norm;
  }
  for (const EpochReport& report : history.epochs)
    for (const auto& [part, metrics] : {std::pair{"train", &report.train}, {"validation", &report.validation}}) {
      add_metrics(m, "epoch_" + std::to_string(report.epoch) + "." + part, *metrics);
      for (const auto& [name, v] : *metrics)
        m.curves[std::string(part) + "." + name].push_back({static_cast<double>(report.epoch), v});
    }
}

Measures measure(const Experiment& experiment, int threads, const DataPlaces& places) {
  const Dataset data = read_dataset(experiment.data.source, experiment.data, places);
  WatchOptions options;
  options.training.threads = threads;
  options.training.places = places;
  WatchedTraining watched(experiment, data, options);
  Measures m;
  m.values["initial.penalty"] = Trial(watched.training().engine()).penalty();
  add_layers(m, "start", layer_states(watched.training().engine()));
  if (experiment.watch.checks != "none")
    for (const CheckLine& line : watched.check().lines) {
      m.values["check." + line.check + ".value"] = line.result.value.value_or(std::nan(""));
      m.values["check." + line.check + ".alarm"] = line.result.verdict == Verdict::warn || line.result.verdict == Verdict::fail;
    }
  const double begin = seconds_now();
  const Summary summary = watched.run();
  m.values["seconds"] = seconds_now() - begin;
  m.values["status.diverged"] = summary.status == "diverged";
  m.values["epochs"] = static_cast<double>(summary.epochs), m.values["steps"] = static_cast<double>(summary.steps);
  add_metrics(m, "initial", summary.initial);
  add_metrics(m, "train", summary.train);
  add_metrics(m, "validation", summary.validation);
  add_metrics(m, "test", summary.test);
  add_history(m, watched.history());
  add_layers(m, "end", watched.history().layers);
  for (const auto& rule : builtin_rules().entries()) m.values["finding." + rule.name] = 0;
  for (const Finding& finding : watched.findings()) m.values["finding." + finding.rule] = 1;
  return m;
}

Experiment experiment_of(const LectureStatement& statement, const StatementRun& run, std::uint64_t seed) {
  Value all = statement.experiment;
  for (const auto& [path, v] : run.set.items()) set_path(all, path, v);
  all["seed"] = static_cast<std::int64_t>(seed);
  if (!all.find("watch")) {
    all["watch"]["checks"] = "none";
    all["watch"]["policy"] = "observe";
  }
  Experiment e = Experiment::from_value(all, statement.name + ", " + run.name);
  e.folder = statement.folder;
  if (!e.is_literal())
    throw Error(Trouble::usage, statement.name + ", " + run.name, "no network", "network.layers, as in any literal experiment");
  return e;
}

/// The values of the epochs after `from`, up to `to`; of one whole training its last value.
std::vector<double> values_of(const Measures& m, const std::string& metric, std::size_t from, std::size_t to, bool is_whole) {
  const auto value = m.values.find(metric);
  if (is_whole) return {value == m.values.end() ? std::nan("") : value->second};
  std::vector<double> values;
  const auto curve = m.curves.find(metric);
  for (std::size_t e = from; e < to; ++e)
    values.push_back(curve != m.curves.end() && e < curve->second.size() ? curve->second[e][1] : std::nan(""));
  return values;
}

/// A search whose trials are whole trainings of the run's experiment; one that goes on is trained from its start again.
Measures measure_search(const LectureStatement& statement, const StatementRun& run, std::uint64_t seed, int threads,
                        const DataPlaces& places) {
  Value keys = Value::table();
  std::string metric = "validation.loss";
  for (const auto& [key, v] : run.search.items()) {
    if (key == "metric" && v.is_string()) metric = v.string();
    else keys[key] = v;
  }
  const std::string where = statement.name + ", " + run.name + ": search";
  auto settings = read_fields<TuneSettings>(keys, where);
  const bool maximizes = more_is_better(metric.substr(metric.find('.') + 1));
  if (settings.direction == "auto") settings.direction = maximizes ? "maximize" : "minimize";
  Search search(settings, seed, where);
  Measures all;
  double epochs = 0;
  const double begin = seconds_now();
  for (auto next = search.ask(); std::holds_alternative<Assignment>(next); next = search.ask()) {
    const Assignment work = std::get<Assignment>(next);
    StatementRun trial = run;
    const Value parameters = search.parameters(work.trial);
    for (const auto& [path, v] : parameters.items()) trial.set[path] = v;
    const bool is_whole = search.study().steps == 1;
    if (!is_whole) trial.set["train.epochs"] = static_cast<std::int64_t>(work.to_step);
    const Measures m = measure(experiment_of(statement, trial, seed), threads, places);
    epochs += is_whole ? m.values.at("epochs") : static_cast<double>(work.to_step - work.from_step);
    search.tell(work.trial, {.values = values_of(m, metric, work.from_step, work.to_step, is_whole),
                             .training = values_of(m, "train.loss", work.from_step, work.to_step, is_whole),
                             .original = m.values.at("initial.loss")});
    const std::optional<std::size_t> best = search.study().best_trial();
    all.curves["best"].push_back(
        {static_cast<double>(all.curves["best"].size() + 1), best ? *search.study().best_value(*best) : std::nan("")});
  }
  std::vector<double> bests;
  for (const SearchTrial& trial : search.study().trials) {
    std::string cause = trial.cause;
    std::replace(cause.begin(), cause.end(), '-', '_');  // a minus in a condition
    if (!cause.empty()) ++all.values["stopped." + cause];
    const std::optional<double> value = search.study().best_value(trial.number);
    bests.push_back(value ? *value : maximizes ? -HUGE_VAL : HUGE_VAL);
  }
  all.values["best"] = all.curves["best"].empty() ? std::nan("") : all.curves["best"].back()[1];
  all.values["median"] = median_of(bests);
  all.values["trials"] = static_cast<double>(bests.size());
  all.values["epochs"] = epochs;
  all.values["seconds"] = seconds_now() - begin;
  return all;
}

}  // namespace

bool StatementResult::holds() const {
  return std::all_of(hold.begin(), hold.end(), [](bool one) { return one; });
}

StatementResult run_statement(const LectureStatement& statement, std::uint64_t seed, int threads, const DataPlaces& places) {
  StatementResult result;
  result.seed = seed;
  const double begin = seconds_now();
  DataPlaces own = places;
  own.folder = statement.folder;
  for (const StatementRun& run : statement.runs)
    result.runs.push_back(run.search.is_null() ? measure(experiment_of(statement, run, seed), threads, own)
                                               : measure_search(statement, run, seed, threads, own));
  const auto value_of = [&](const std::string& name) {
    const std::string run = name.substr(0, name.find('.')), measure = name.substr(std::min(name.size(), run.size() + 1));
    std::vector<std::string> known;
    for (std::size_t i = 0; i < statement.runs.size(); ++i) {
      known.push_back(statement.runs[i].name);
      if (known.back() != run) continue;
      if (const auto found = result.runs[i].values.find(measure); found != result.runs[i].values.end()) return found->second;
      known.clear();
      for (const auto& [one, unused] : result.runs[i].values) known.push_back(run + "." + one);
      break;
    }
    unknown_key(statement.name + ": claim", name, known);
  };
  for (const StatementClaim& claim : statement.claims) {
    const std::string where = statement.name + ": claim";
    result.hold.push_back(holds(claim.condition, value_of, where));
    result.evidence.push_back(names_with_values(claim.condition, value_of, where));
  }
  result.seconds = seconds_now() - begin;
  return result;
}

std::vector<PageChart> charts_of(const LectureStatement& statement, const StatementResult& result) {
  std::vector<PageChart> charts;
  for (const std::string& name : statement.charts) {
    const bool is_of_layers = name.starts_with("start.") || name.starts_with("end.");
    PageChart chart{.title = name,
                    .x_name = is_of_layers     ? "activation"
                              : name == "loss" ? "step"
                              : name == "best" ? "training"
                                               : "epoch",
                    .curves = {}};
    for (std::size_t i = 0; i < statement.runs.size(); ++i) {
      PageCurve curve{.name = statement.runs[i].name, .points = {}};
      if (const auto found = result.runs[i].curves.find(name); found != result.runs[i].curves.end())
        for (const auto& [x, y] : found->second) curve.points.push_back({x, y, y, y});
      chart.curves.push_back(std::move(curve));
    }
    charts.push_back(std::move(chart));
  }
  return charts;
}

}  // namespace tend
